// The web server of `ferbench serve`: the page and the JSON API on one port.
#pragma once

#include <memory>
#include <string>

#include "deploy/api.h"

namespace fer {

class HttpServer;

/// Answers every request with the right status and, where it fails, with
/// {"error": text}; writes nothing to disk.
class WebServer {
 public:
  /// As Api.
  explicit WebServer(ApiOptions options);
  ~WebServer();  ///< run() must have returned
  WebServer(const WebServer&) = delete;
  WebServer& operator=(const WebServer&) = delete;

  /// Listens on `port` of `host` (0: any free one) and returns it. Error where
  /// the port is taken or the host is not of this machine.
  int bind(const std::string& host, int port);

  /// Answers until stop(); requests under way are finished first.
  void run();
  /// From another thread; not from a signal handler.
  void stop();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace fer
