//! Names as e-mail addresses write them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace persona {

//! Lower-case ASCII letters and digits only: "José-María" is "josemaria", "O'Brien" "obrien". Letters of
//! other scripts are left out.
std::string ascii_fold(std::string_view utf8);

//! Appends an address made of two folded names. The last part before the @ is `index` in base 36, so
//! different indexes never share an address; some of `bits` choose the form and the domain, one of
//! example.com, .net and .org.
//! @source{RFC 2606, section 3: the domains are reserved}
void append_email_address(std::string& out, std::string_view given, std::string_view surname, std::uint64_t index,
                          std::uint64_t bits);

}  // namespace persona
