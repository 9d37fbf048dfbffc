// What a request may ask of the server, checked from its head, before a byte of
// its body is read.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace httplib {
struct Request;
}

namespace fer {

struct HttpLimits {
  size_t header_bytes = size_t{16} << 10;
  size_t picture_bytes = size_t{12} << 20;  ///< body of /api/predict
  size_t json_bytes = size_t{256} << 10;    ///< body of /api/recommend
  int64_t pixels = 25'000'000;  ///< of a picture, before it is decoded
  int connections = 128;        ///< open at a time; more get 503
  int readers = 2;              ///< pictures read at a time
  int waiting = 96;             ///< pictures waiting for that; more get 503
  std::chrono::milliseconds arrival{15'000};  ///< a whole request, else 408
  std::chrono::milliseconds idle{15'000};     ///< between two requests
  std::chrono::milliseconds turn{10'000};     ///< wait for a reader, else 503
  std::chrono::milliseconds write{10'000};    ///< one write of a response
  double rate = 50;    ///< requests a second of one client; 0: no limit
  double burst = 100;  ///< requests of one client at once
  /// Names in a Host header besides localhost and plain addresses.
  std::vector<std::string> hosts;
};

/// One thing that can be asked for.
struct Endpoint {
  const char* path;
  const char* method;  ///< "GET" (and HEAD) or "POST"
};

/// All of them; nothing else is answered, and no path names a file.
std::span<const Endpoint> endpoints();

/// "/api/predict", ... or "other".
const char* endpoint_name(std::string_view path);

/// Throws HttpError unless the head of a request is in order: Host (against DNS
/// rebinding: 421), path (404), method (405), Origin (403), length (400, 411,
/// 413), encoding and type of the body (415). `type` is the Content-Type.
void check_head(const httplib::Request& request, std::string_view type,
                const HttpLimits& limits);

/// Whether `host`, a Host header, is localhost, an address (a page of another
/// site cannot carry one that it does not own) or one of `names`; any port.
bool is_known_host(std::string_view host, std::span<const std::string> names);

/// Whether an Origin header names the host that was asked.
bool is_same_origin(std::string_view origin, std::string_view host);

/// "image/jpeg" of "Image/JPEG; charset=x".
std::string media_type(std::string_view content_type);

}  // namespace fer
