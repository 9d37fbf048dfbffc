// What a client did wrong or has to wait for, on its way to becoming a
// response.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/error.h"

namespace fer {

/// A response other than success: a status of 400 or more with its text.
class HttpError : public Error {
 public:
  /// `retry_after` in seconds; 0: trying again would not help.
  HttpError(int status, const std::string& text, int retry_after = 0)
      : Error(text), status_(status), retry_after_(retry_after) {}

  int status() const { return status_; }
  int retry_after() const { return retry_after_; }

 private:
  int status_;
  int retry_after_;
};

/// refuse(415, "expected a picture; got {}.", type): throws HttpError.
template <class... Args>
[[noreturn]] void refuse(int status, fmt::format_string<Args...> format,
                         Args&&... args) {
  throw HttpError(status, fmt::format(format, std::forward<Args>(args)...));
}

/// {"error": text}; what is not UTF-8 in it is replaced.
std::string error_body(std::string_view text);

/// "Not Found" for 404: what the statuses of this server are called.
const char* reason_of(int status);

/// Headers of every response: nothing is cached, framed, sniffed or loaded from
/// elsewhere, but for Spotify's player in a frame.
const std::vector<std::pair<std::string, std::string>>& security_headers();

/// A whole HTTP/1.1 response that closes the connection.
std::string raw_response(const HttpError& error);

}  // namespace fer
