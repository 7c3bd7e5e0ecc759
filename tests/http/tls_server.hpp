//! A TLS server by Node.js, with a certificate made for this run.
#pragma once

#include <sys/types.h>
#include <filesystem>
#include <string>

namespace persona::testing {

//! Ends with its object.
class TlsServer {
 public:
  explicit TlsServer(bool only_http1 = false);
  ~TlsServer();
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  //! The certificate is for localhost and 127.0.0.1.
  std::string url(const std::string& path, const std::string& host = "localhost") const;
  std::string certificate() const { return (folder_ / "certificate.pem").string(); }

 private:
  std::filesystem::path folder_;
  pid_t process_ = -1;
  int to_child_ = -1;
  int port_ = 0;
};

}  // namespace persona::testing
