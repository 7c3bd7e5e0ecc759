//! The special-purpose address registries as tables.
#include "public_address.hpp"

#include <persona/http/fetch.hpp>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <algorithm>
#include <cstring>

namespace persona::http {
namespace {

struct Block4 {
  std::uint32_t first;
  int bits;
};

constexpr std::uint32_t ipv4(unsigned a, unsigned b, unsigned c, unsigned d) {
  return a << 24 | b << 16 | c << 8 | d;
}

constexpr std::array<Block4, 16> special4{{{ipv4(0, 0, 0, 0), 8},        // this network
                                           {ipv4(10, 0, 0, 0), 8},       // private
                                           {ipv4(100, 64, 0, 0), 10},    // shared by carriers
                                           {ipv4(127, 0, 0, 0), 8},      // loopback
                                           {ipv4(169, 254, 0, 0), 16},   // link-local, metadata services
                                           {ipv4(172, 16, 0, 0), 12},    // private
                                           {ipv4(192, 0, 0, 0), 24},     // protocol assignments
                                           {ipv4(192, 0, 2, 0), 24},     // documentation
                                           {ipv4(192, 88, 99, 0), 24},   // 6to4 relays
                                           {ipv4(192, 168, 0, 0), 16},   // private
                                           {ipv4(198, 18, 0, 0), 15},    // benchmarks
                                           {ipv4(198, 51, 100, 0), 24},  // documentation
                                           {ipv4(203, 0, 113, 0), 24},   // documentation
                                           {ipv4(224, 0, 0, 0), 4},      // multicast
                                           {ipv4(240, 0, 0, 0), 4},      // reserved, broadcast
                                           {ipv4(255, 255, 255, 255), 32}}};

struct Block6 {
  std::array<std::uint8_t, 6> first;
  int bits;
};

constexpr Block6 global_unicast{{0x20}, 3};
constexpr std::array<Block6, 4> special6{{{{0x20, 0x01, 0x00}, 23},        // protocol assignments, Teredo, ORCHID
                                          {{0x20, 0x01, 0x0d, 0xb8}, 32},  // documentation
                                          {{0x20, 0x02}, 16},              // 6to4
                                          {{0x3f, 0xff}, 20}}};            // documentation

bool is_within(const std::array<std::uint8_t, 16>& address, const Block6& block) {
  for (int bit = 0; bit < block.bits; bit += 8) {
    const auto at = static_cast<std::size_t>(bit / 8);
    const int kept = std::min(block.bits - bit, 8);
    const auto mask = static_cast<std::uint8_t>(0xff << (8 - kept));
    if ((address[at] & mask) != (block.first[at] & mask)) return false;
  }
  return true;
}

}  // namespace

bool is_public_ipv4(std::uint32_t address) {
  return std::none_of(special4.begin(), special4.end(), [&](const Block4& block) {
    return (address >> (32 - block.bits)) == (block.first >> (32 - block.bits));
  });
}

bool is_public_ipv6(const std::array<std::uint8_t, 16>& address) {
  constexpr std::array<std::uint8_t, 12> mapped{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
  constexpr std::array<std::uint8_t, 12> nat64{0x00, 0x64, 0xff, 0x9b};
  for (const auto& holds_ipv4 : {mapped, nat64}) {
    if (std::equal(holds_ipv4.begin(), holds_ipv4.end(), address.begin())) {
      return is_public_ipv4(ipv4(address[12], address[13], address[14], address[15]));
    }
  }
  return is_within(address, global_unicast) &&
         std::none_of(special6.begin(), special6.end(), [&](const Block6& block) { return is_within(address, block); });
}

bool is_public_address(const sockaddr& address) {
  if (address.sa_family == AF_INET) {
    return is_public_ipv4(ntohl(reinterpret_cast<const sockaddr_in&>(address).sin_addr.s_addr));
  }
  if (address.sa_family != AF_INET6) return false;
  std::array<std::uint8_t, 16> bytes{};
  std::memcpy(bytes.data(), &reinterpret_cast<const sockaddr_in6&>(address).sin6_addr, bytes.size());
  return is_public_ipv6(bytes);
}

std::string address_text(const sockaddr& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const void* bytes = address.sa_family == AF_INET
                          ? static_cast<const void*>(&reinterpret_cast<const sockaddr_in&>(address).sin_addr)
                          : static_cast<const void*>(&reinterpret_cast<const sockaddr_in6&>(address).sin6_addr);
  const char* shown = ::inet_ntop(address.sa_family, bytes, text.data(), text.size());
  return shown == nullptr ? "not an Internet address" : shown;
}

bool is_public_address(std::string_view address) {
  const std::string text(address);
  in_addr four{};
  if (::inet_pton(AF_INET, text.c_str(), &four) == 1) return is_public_ipv4(ntohl(four.s_addr));
  std::array<std::uint8_t, 16> six{};
  return text.find('\0') == std::string::npos && ::inet_pton(AF_INET6, text.c_str(), six.data()) == 1 &&
         is_public_ipv6(six);
}

}  // namespace persona::http
