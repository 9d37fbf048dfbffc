#include "deploy/http_limits.h"

#include <arpa/inet.h>
#include <httplib.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "deploy/http_error.h"

namespace fer {
namespace {

constexpr auto kEndpoints = std::to_array<Endpoint>({
    {"/", "GET"},
    {"/page.css", "GET"},
    {"/page.js", "GET"},
    {"/openapi.json", "GET"},
    {"/healthz", "GET"},
    {"/metrics", "GET"},
    {"/api/predict", "POST"},
    {"/api/recommend", "POST"},
});

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return result;
}

bool is_address(const std::string& text) {
  in6_addr ignored;
  return inet_pton(AF_INET, text.c_str(), &ignored) == 1 ||
         inet_pton(AF_INET6, text.c_str(), &ignored) == 1;
}

// The host of "name:80" or "[::1]:80"; nothing when it is no host at all.
std::optional<std::string> without_port(std::string_view host) {
  std::string_view name = host, rest;
  if (host.starts_with('[')) {
    const size_t end = host.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    name = host.substr(1, end - 1);
    rest = host.substr(end + 1);
  } else if (const size_t colon = host.find(':');
             colon != std::string_view::npos) {
    name = host.substr(0, colon);
    rest = host.substr(colon);
  }
  const bool port_is_right =
      rest.empty() ||
      (rest.size() <= 6 && rest.starts_with(':') &&
       rest.find_first_not_of("0123456789", 1) == std::string_view::npos);
  if (!port_is_right || name.empty()) return std::nullopt;
  return lower(name);
}

void check_host(const httplib::Request& request, const HttpLimits& limits) {
  if (request.get_header_value_count("Host") != 1)
    refuse(400, "expected one Host header; got {}.",
           request.get_header_value_count("Host"));
  const std::string host = request.get_header_value("Host");
  if (is_known_host(host, limits.hosts)) return;
  refuse(421,
         "expected the host localhost or an address; got another name. Start "
         "the server with --allow-host NAME to answer to a name.");
}

void check_endpoint(const httplib::Request& request) {
  const auto found =
      std::ranges::find(kEndpoints, request.path, &Endpoint::path);
  if (found == kEndpoints.end())
    refuse(404, "expected one of the paths of /openapi.json; got another one.");
  const bool right =
      request.method == found->method ||
      (request.method == "HEAD" && found->method == std::string_view("GET"));
  if (!right)
    refuse(405, "expected {} for {}; got {}.", found->method, found->path,
           request.method);
}

void check_origin(const httplib::Request& request) {
  if (!request.has_header("Origin")) return;
  if (is_same_origin(request.get_header_value("Origin"),
                     request.get_header_value("Host")))
    return;
  refuse(403,
         "expected a request of this server's own page; got one from "
         "another site.");
}

void check_length(const httplib::Request& request, size_t most) {
  const bool chunked = request.has_header("Transfer-Encoding");
  const size_t lengths = request.get_header_value_count("Content-Length");
  if (chunked && lengths > 0)
    refuse(400, "expected Content-Length or Transfer-Encoding; got both.");
  if (chunked) {
    if (lower(request.get_header_value("Transfer-Encoding")) != "chunked")
      refuse(400, "expected the transfer encoding chunked; got another one.");
    return;  // counted while it arrives
  }
  if (lengths == 0) refuse(411, "expected a Content-Length; got none.");
  const std::string text = request.get_header_value("Content-Length");
  uint64_t length = 0;
  const auto [end, fault] =
      std::from_chars(text.data(), text.data() + text.size(), length);
  if (lengths > 1 || fault == std::errc::invalid_argument ||
      end != text.data() + text.size())
    refuse(400, "expected one number as Content-Length; got another text.");
  if (fault != std::errc() || length > most)
    refuse(413, "expected at most {} bytes; got {}.", most, text);
}

void check_type(const httplib::Request& request, const std::string& type) {
  if (request.has_header("Content-Encoding"))
    refuse(415, "expected a body without Content-Encoding; got one with it.");
  if (request.path == "/api/recommend") {
    if (type != "application/json")
      refuse(415, "expected the Content-Type application/json; got another.");
    return;
  }
  constexpr std::array<std::string_view, 6> kPictures = {
      "image/jpeg",
      "image/png",
      "image/bmp",
      "image/webp",
      "application/octet-stream",
      "multipart/form-data"};
  if (std::ranges::find(kPictures, type) == kPictures.end())
    refuse(415,
           "expected a picture (image/jpeg, image/png, image/bmp, image/webp) "
           "or a form (multipart/form-data); got another Content-Type.");
}

}  // namespace

std::span<const Endpoint> endpoints() { return kEndpoints; }

const char* endpoint_name(std::string_view path) {
  const auto found = std::ranges::find(kEndpoints, path, &Endpoint::path);
  return found == kEndpoints.end() ? "other" : found->path;
}

std::string media_type(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  const size_t end = type.find_last_not_of(" \t");
  return lower(end == std::string_view::npos ? "" : type.substr(0, end + 1));
}

bool is_known_host(std::string_view host, std::span<const std::string> names) {
  const auto name = without_port(host);
  if (!name) return false;
  if (*name == "localhost" || is_address(*name)) return true;
  return std::ranges::any_of(
      names, [&](const std::string& known) { return lower(known) == *name; });
}

bool is_same_origin(std::string_view origin, std::string_view host) {
  const std::string given = lower(origin), own = lower(host);
  return given == "http://" + own || given == "https://" + own;
}

void check_head(const httplib::Request& request, std::string_view type,
                const HttpLimits& limits) {
  check_host(request, limits);
  check_endpoint(request);
  if (request.method != "POST") return;
  check_origin(request);
  check_type(request, media_type(type));
  check_length(request, request.path == "/api/recommend"
                            ? limits.json_bytes
                            : limits.picture_bytes);
}

}  // namespace fer
