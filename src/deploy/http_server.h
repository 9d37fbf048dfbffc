// cpp-httplib's server with its connections under our limits: it parses and
// routes, LimitedStream reads and writes.
#pragma once

#include <httplib.h>

#include <atomic>
#include <functional>
#include <string>

#include "deploy/http_limits.h"
#include "deploy/limited_stream.h"

namespace fer {

/// Where a handler finds the Content-Type: from httplib itself it is hidden, so
/// that its own form parser stays out of the way (multipart.h).
inline constexpr const char* kTypeHeader = "Ferbench-Content-Type";

class HttpServer final : public httplib::Server {
 public:
  /// A request was answered: path, status, seconds from its head to its end.
  using Observer = std::function<void(const std::string&, int, double)>;

  HttpServer(const HttpLimits& limits, Observer observer);

  /// Listens on `port` (0: a free one) and returns it. Error names the host,
  /// the port and the system's reason.
  int bind(const std::string& host, int port);

  /// Answers until stop(), then lets the requests under way finish.
  void run();

  /// From any thread, also before or after run().
  void request_stop();

  int open_connections() const { return open_; }

 private:
  bool process_and_close_socket(socket_t socket) override;
  bool serve_one(LimitedStream& stream);
  void prepare(httplib::Request& request, LimitedStream& stream) const;

  const HttpLimits limits_;
  const Observer observer_;
  std::atomic<int> open_ = 0;
  std::atomic<bool> stopping_ = false;
};

}  // namespace fer
