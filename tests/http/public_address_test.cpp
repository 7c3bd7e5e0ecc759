//! The edges of every block in the registries.
#include <persona/http/fetch.hpp>

#include <doctest/doctest.h>

using persona::http::is_public_address;

TEST_CASE("IPv4: the last address before a block, its first, its last, and the first after") {
  struct Block {
    const char *before, *first, *last, *after;
  };
  const Block blocks[] = {{"9.255.255.255", "10.0.0.0", "10.255.255.255", "11.0.0.0"},
                          {"100.63.255.255", "100.64.0.0", "100.127.255.255", "100.128.0.0"},
                          {"126.255.255.255", "127.0.0.0", "127.255.255.255", "128.0.0.0"},
                          {"169.253.255.255", "169.254.0.0", "169.254.255.255", "169.255.0.0"},
                          {"172.15.255.255", "172.16.0.0", "172.31.255.255", "172.32.0.0"},
                          {"191.255.255.255", "192.0.0.0", "192.0.0.255", "192.0.1.0"},
                          {"192.0.1.255", "192.0.2.0", "192.0.2.255", "192.0.3.0"},
                          {"192.88.98.255", "192.88.99.0", "192.88.99.255", "192.88.100.0"},
                          {"192.167.255.255", "192.168.0.0", "192.168.255.255", "192.169.0.0"},
                          {"198.17.255.255", "198.18.0.0", "198.19.255.255", "198.20.0.0"},
                          {"198.51.99.255", "198.51.100.0", "198.51.100.255", "198.51.101.0"},
                          {"203.0.112.255", "203.0.113.0", "203.0.113.255", "203.0.114.0"}};
  for (const Block& block : blocks) {
    CAPTURE(block.first);
    CHECK(is_public_address(block.before));
    CHECK(!is_public_address(block.first));
    CHECK(!is_public_address(block.last));
    CHECK(is_public_address(block.after));
  }
  for (const char* address :
       {"0.0.0.0", "0.255.255.255", "224.0.0.0", "239.255.255.255", "240.0.0.0", "255.255.255.255"}) {
    CHECK(!is_public_address(address));
  }
  for (const char* address : {"1.0.0.0", "8.8.8.8", "223.255.255.255"}) CHECK(is_public_address(address));
}

TEST_CASE("IPv6: global unicast without its special blocks") {
  for (const char* address : {"2606:4700:4700::1111", "2001:4860:4860::8888", "2a00::1",
                              "2001:200::", "2001:db7::", "2001:db9::", "2003::", "3ffe::1",
                              "3fff:1000::", "3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff"}) {
    CAPTURE(address);
    CHECK(is_public_address(address));
  }
  for (const char* address :
       {"::",         "::1",        "::2",         "fc00::1",      "fdff::1",         "fe80::1",
        "febf::1",    "fec0::1",    "ff02::1",     "100::1",       "2001::1",         "2001:0:4136:e378::",
        "2001:1ff::", "2001:20::1", "2001:db8::1", "2002::1",      "2002:808:808::1", "3fff::1",
        "3fff:fff::", "4000::1",    "5f00::1",     "64:ff9b:1::1", "1fff::1"}) {
    CAPTURE(address);
    CHECK(!is_public_address(address));
  }
}

TEST_CASE("IPv4 inside IPv6 is judged as IPv4") {
  for (const char* address : {"::ffff:8.8.8.8", "64:ff9b::808:808"}) CHECK(is_public_address(address));
  for (const char* address : {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "64:ff9b::7f00:1",
                              "64:ff9b::a00:1", "::8.8.8.8", "::ffff:0:8.8.8.8"}) {
    CAPTURE(address);
    CHECK(!is_public_address(address));
  }
}

TEST_CASE("what is not an address is not public") {
  for (const char* text :
       {"", "example.com", "8.8.8", "8.8.8.8.8", "0x8.8.8.8", "8.8.8.8 ", "[2a00::1]", "fe80::1%eth0", "134744072"}) {
    CAPTURE(text);
    CHECK(!is_public_address(text));
  }
}
