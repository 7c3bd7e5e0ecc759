//! What sessions are made of in Python.
#pragma once

#include <persona/prompt/session.hpp>

#include <memory>
#include <string>

namespace persona::python {

struct SessionArguments {
  llm::Provider model;
  std::string model_name;
  llm::Provider proposer;
  std::string proposer_name;
  prompt::Budget budget;
  std::shared_ptr<prompt::RunLedger> ledger;
  std::string run;
  std::int64_t max_output_tokens;
  unsigned threads;
};

prompt::SessionOptions session_options(const SessionArguments& given);

}  // namespace persona::python

//! Their keywords, in order.
#define PERSONA_SESSION_ARGUMENTS                                                                                 \
  py::arg("model"), py::arg("model_name") = "", py::arg("proposer") = py::none(), py::arg("proposer_name") = "",  \
                    py::arg("budget") = prompt::Budget{}, py::arg("ledger") = py::none(), py::arg("run") = "run", \
                    py::arg("max_output_tokens") = 1024, py::arg("threads") = 4
