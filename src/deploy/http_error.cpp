#include "deploy/http_error.h"

#include "core/json.h"

namespace fer {

std::string error_body(std::string_view text) {
  return json_text({{"error", text}}, -1) + "\n";
}

const char* reason_of(int status) {
  switch (status) {
    case 400:
      return "Bad Request";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 411:
      return "Length Required";
    case 413:
      return "Payload Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 416:
      return "Range Not Satisfiable";
    case 417:
      return "Expectation Failed";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 503:
      return "Service Unavailable";
    default:
      return "Internal Server Error";
  }
}

const std::vector<std::pair<std::string, std::string>>& security_headers() {
  static const std::vector<std::pair<std::string, std::string>> headers = {
      {"Content-Security-Policy",
       "default-src 'none'; script-src 'self'; style-src 'self'; "
       "img-src 'self' data: blob:; media-src 'self' blob:; "
       "connect-src 'self' https://open.spotify.com; "
       "frame-src https://open.spotify.com; base-uri 'none'; "
       "form-action 'none'; frame-ancestors 'none'"},
      {"X-Content-Type-Options", "nosniff"},
      {"X-Frame-Options", "DENY"},
      {"Referrer-Policy", "no-referrer"},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cross-Origin-Resource-Policy", "same-origin"},
      {"Permissions-Policy", "camera=(self), microphone=(), geolocation=()"},
      {"Cache-Control", "no-store"}};
  return headers;
}

std::string raw_response(const HttpError& error) {
  const std::string body = error_body(error.what());
  std::string response = fmt::format("HTTP/1.1 {} {}\r\n", error.status(),
                                     reason_of(error.status()));
  for (const auto& [name, value] : security_headers())
    response += fmt::format("{}: {}\r\n", name, value);
  if (error.retry_after() > 0)
    response += fmt::format("Retry-After: {}\r\n", error.retry_after());
  response += fmt::format(
      "Content-Type: application/json\r\nContent-Length: {}\r\n"
      "Connection: close\r\n\r\n",
      body.size());
  return response + body;
}

}  // namespace fer
