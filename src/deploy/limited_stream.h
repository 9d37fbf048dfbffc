// The socket of one client as cpp-httplib reads it, with an end to everything:
// bytes of a head, bytes of a body, time for a request, time for a write.
#pragma once

#include <httplib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "deploy/http_error.h"
#include "deploy/http_limits.h"

namespace fer {

/// Once a limit is passed, reads fail, writes go nowhere and refusal() says
/// why; the caller then answers with it. Owns the socket.
class LimitedStream final : public httplib::Stream {
 public:
  /// Once `stopping` is set, idle connections end and a request that is still
  /// arriving has a second left.
  LimitedStream(int socket, const HttpLimits& limits,
                const std::atomic<bool>& stopping);
  ~LimitedStream() override;
  LimitedStream(const LimitedStream&) = delete;
  LimitedStream& operator=(const LimitedStream&) = delete;

  /// Waits for the first byte of a request; false when the client has left, the
  /// idle time is over or the server stops.
  bool wait_for_request();

  /// The head is read: `declared` bytes follow (nothing: not known), of which
  /// at most `most` are taken.
  void start_body(std::optional<size_t> declared, size_t most);

  /// Whether all of the declared body was read, so that what follows is a new
  /// request.
  bool at_end_of_request() const;

  /// The status of the response that was written; 0: none.
  int status() const { return status_; }
  const std::optional<HttpError>& refusal() const { return refusal_; }

  /// Answers with `error` and shuts the connection for writing; reads on for a
  /// short while, since closing at once would destroy the answer on its way.
  void finish_with(const HttpError& error);
  /// The same after a response that left part of the body unread.
  void linger();

  bool is_readable() const override;
  bool is_writable() const override;
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  using Clock = std::chrono::steady_clock;

  bool wait_for_bytes();
  bool count(size_t bytes);
  ssize_t fill();
  void refuse_with(int status, const std::string& text);
  bool write_all(const char* data, size_t size);

  const int socket_;
  const HttpLimits& limits_;
  const std::atomic<bool>& stopping_;
  std::array<char, 16384> buffer_;
  size_t begin_ = 0, end_ = 0;
  bool in_body_ = false, counted_ = true;
  size_t head_read_ = 0, body_read_ = 0, body_declared_ = 0, body_most_ = 0;
  Clock::time_point deadline_{};
  int status_ = 0;
  std::optional<HttpError> refusal_;
};

}  // namespace fer
