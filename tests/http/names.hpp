//! Host names for the tests: the C library's getaddrinfo is replaced in this program.
//!
//! nowhere.test does not exist; slow.test has no answer until let_slow_names_answer(); all other names of
//! .test are 127.0.0.1, v6.test is ::1. Whatever does not end in .test goes to the real function.
#pragma once

namespace persona::testing {

void let_slow_names_answer();

//! Waits until somebody asks for slow.test, for 30 seconds at most.
bool await_slow_name();

}  // namespace persona::testing
