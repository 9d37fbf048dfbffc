// A server on a free port with a made-up predictor, and clients that speak to
// it byte by byte.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "core/json.h"
#include "core/temporary_folder.h"
#include "deploy/server.h"

namespace fer {

/// A response as it came over the wire.
struct HttpAnswer {
  int status = 0;  ///< 0: the server closed without a word
  std::string head, body;

  Json json() const { return Json::parse(body, nullptr, false); }
  /// The text of {"error": text}; a test failure where that is not the body.
  std::string error() const;
  /// The value of a header in any case, "" where there is none.
  std::string header(const std::string& name) const;
};

/// One connection.
class RawClient {
 public:
  explicit RawClient(int port);
  ~RawClient();
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;

  /// False when the server has closed.
  bool send(std::string_view bytes);
  /// The next response; waits at most `seconds`.
  HttpAnswer receive(double seconds = 10);
  /// Whether the server has closed, looked at for `seconds` at most.
  bool closed(double seconds = 5);

 private:
  bool more(double seconds);

  int socket_;
  std::string received_;
};

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

/// A request with Host and Content-Length, unless `headers` has its own.
std::string http_request(const std::string& method, const std::string& path,
                         const std::string& body = "",
                         const HttpHeaders& headers = {});

/// A PNG whose header says width x height; nothing behind it.
std::string png_header(uint32_t width, uint32_t height);

/// A form with the part "image".
std::string form_of(const std::string& picture, const std::string& boundary);

/// The server; every test ends by asking whether it still answers.
class ServerTest : public testing::Test {
 protected:
  ServerTest();
  void TearDown() override;

  void start();
  HttpAnswer ask(const std::string& request);
  HttpAnswer get(const std::string& path, const HttpHeaders& headers = {});
  HttpAnswer post(const std::string& path, const std::string& body,
                  const std::string& type, HttpHeaders headers = {});
  /// Sends a picture that the predictor finds `happy` in.
  HttpAnswer predict();

  ApiOptions options_;
  TemporaryFolder folder_;
  std::unique_ptr<WebServer> server_;
  std::thread listener_;
  int port_ = 0;
};

/// A happy face in a picture of 200 x 100.
Outcome happy_outcome();
OnnxContract emotion_contract();

}  // namespace fer
