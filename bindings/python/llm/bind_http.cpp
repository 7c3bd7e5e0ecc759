//! How bytes reach a server, in builds that have libcurl.
#include "bind_fields.hpp"
#include "bind_llm.hpp"
#include "call.hpp"

#include <persona/http/fetch.hpp>
#include <persona/http/transport.hpp>
#ifdef PERSONA_PYTHON_HTTP
#include <persona/http/curl.hpp>
#endif

namespace persona::python {
namespace py = pybind11;
namespace {

void bind_pages(py::module_& m) {
  using http::FetchOptions;
  using http::Page;
  bind_fields<FetchOptions>(m, "FetchOptions",
                            "hosts: only these and their subdomains, empty is any public host; timeout: seconds;\n"
                            "max_bytes: on the wire; max_decoded_bytes: after decompression.",
                            field("hosts", &FetchOptions::hosts), field("timeout", &FetchOptions::timeout),
                            field("max_bytes", &FetchOptions::max_bytes),
                            field("max_decoded_bytes", &FetchOptions::max_decoded_bytes),
                            field("max_redirects", &FetchOptions::max_redirects));
  bind_fields<Page>(m, "Page", "url: where the redirects led; body: bytes, not to be trusted.",
                    field("url", &Page::url), field("media_type", &Page::media_type),
                    BytesField<Page>{"body", &Page::body});
}

#ifdef PERSONA_PYTHON_HTTP
void bind_fetch(py::module_& m) {
  m.def(
      "_fetch",
      [](const std::string& url, const http::FetchOptions& options, const CallContext* context) {
        return call([&](const Context& given) { return http::fetch(url, options, given); }, context);
      },
      py::arg("url"), py::arg("options"), py::arg("context"));
  m.def("_readable_text", &http::readable_text, py::arg("page"), py::arg("max_bytes"));
  m.def("_is_public_address", &http::is_public_address, py::arg("address"));
}
#endif

}  // namespace

void bind_http(py::module_& module) {
  py::class_<http::Transport, std::shared_ptr<http::Transport>>(
      module, "Transport", "Sends requests of any thread: one event thread, pooled connections, HTTP/2.");
  bind_pages(module);
#ifdef PERSONA_PYTHON_HTTP
  module.def(
      "_curl_transport",
      [](std::string proxy, std::string ca_file, int connections_per_host, bool plain_http) {
        return call([&](const Context&) {
          return http::curl_transport({std::move(proxy), std::move(ca_file), connections_per_host, plain_http});
        });
      },
      py::arg("proxy"), py::arg("ca_file"), py::arg("connections_per_host"), py::arg("plain_http"));
  bind_fetch(module);
#endif
}

}  // namespace persona::python
