//! A value, or the reason there is none.
#pragma once

#include <persona/core/error.hpp>

#include <tl/expected.hpp>
#include <utility>

namespace persona {

//! What a call that can fail returns. Test it like a pointer; read `*r` or `r.error()`.
template <class T>
using Result = tl::expected<T, Error>;

//! A call that returns nothing but can fail.
using Status = Result<void>;

//! `return fail(Errc::not_found, "no attribute 'age'");`
inline tl::unexpected<Error> fail(Errc code, std::string message, std::string path = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(path)});
}

}  // namespace persona
