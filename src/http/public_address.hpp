//! Which addresses belong to the public Internet.
#pragma once

#include <array>
#include <cstdint>
#include <string>

struct sockaddr;

namespace persona::http {

bool is_public_ipv4(std::uint32_t address);  //!< in the order of this machine
bool is_public_ipv6(const std::array<std::uint8_t, 16>& address);

//! What a connection would go to; anything but IPv4 and IPv6 is not public.
bool is_public_address(const sockaddr& address);
std::string address_text(const sockaddr& address);

}  // namespace persona::http
