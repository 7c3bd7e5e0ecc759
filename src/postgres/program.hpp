//! A program of Postgres, run as a child.
#pragma once

#include <persona/core/context.hpp>
#include <persona/core/secret.hpp>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace persona::postgres {

//! Runs a program of PATH to its end, and hands on each line that it prints. It gets the password by its environment
//! and ends with us.
//!
//! @param words  the program and its arguments
//! @param take   a line without its end; an error ends the program
//! @param idle   called now and then while it prints nothing
//! @errors not_found: there is no such program; io: it failed, with what it said; what `take` returns; cancelled,
//!         deadline_exceeded
[[nodiscard]] Status run_program(std::vector<std::string> words, const Secret& password,
                                 const std::function<Status(std::string_view)>& take, const std::function<void()>& idle,
                                 const Context& context);

}  // namespace persona::postgres
