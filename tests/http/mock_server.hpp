//! An HTTP/1.1 server on loopback that answers as a test tells it to, well or badly.
#pragma once

#include <persona/http/transport.hpp>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace persona::testing {

//! A request as it came.
struct Asked {
  std::string method = {};
  std::string target = {};
  std::vector<http::Header> headers = {};
  std::string body = {};
  int connection = 0;  //!< 1 is the first that was accepted

  std::string_view header(std::string_view name) const { return http::header(headers, name); }
};

//! What the server does about a request, step by step:
//! `Answer::stream().piece("data: 1\n\n").wait().piece("data: 2\n\n").end()`.
class Answer {
 public:
  struct Step {
    enum class Kind { send, wait, close, reset } kind = Kind::send;
    std::string bytes = {};
  };

  //! Silent for good, until more steps are added.
  Answer() = default;
  //! A whole answer with its length.
  static Answer whole(int status, std::string_view body, std::vector<http::Header> headers = {});
  static Answer json(std::string_view body, int status = 200);
  //! The head of an answer in chunks.
  static Answer stream(std::string_view media_type = "text/event-stream", std::vector<http::Header> headers = {});
  //! Server-sent events, one a piece, and the end.
  static Answer events(const std::vector<std::string>& data);

  Answer& raw(std::string_view bytes);                //!< any bytes, as they are
  Answer& piece(std::string_view bytes);              //!< a chunk
  Answer& end() { return raw("0\r\n\r\n"); }          //!< of the chunks
  Answer& wait() { return add({Step::Kind::wait}); }  //!< for release()
  Answer& close() { return add({Step::Kind::close}); }
  Answer& reset() { return add({Step::Kind::reset}); }  //!< RST instead of FIN

  const std::vector<Step>& steps() const { return steps_; }

 private:
  Answer& add(Step step);
  std::vector<Step> steps_;
};

//! One thread, any number of connections. Every member may be called from any thread.
class MockServer {
 public:
  using Handler = std::function<Answer(const Asked&)>;  //!< called on the server's thread

  explicit MockServer(Handler handler);
  explicit MockServer(std::vector<Answer> script);  //!< one a request, the last for all that follow
  ~MockServer();
  MockServer(const MockServer&) = delete;
  MockServer& operator=(const MockServer&) = delete;

  int port() const;
  std::string url(std::string_view path = "/") const;  //!< http://127.0.0.1:port/path
  std::vector<Asked> asked() const;                    //!< all requests so far
  int connections() const;                             //!< accepted so far

  void release();  //!< every answer that waits goes on

  // These wait until something has happened so many times, for 30 seconds at most: false is a failed test.
  bool await_asked(int count) const;
  bool await_waiting(int count) const;  //!< answers that wait at this moment
  bool await_closed(int count) const;   //!< connections that are gone, whoever closed them

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace persona::testing
