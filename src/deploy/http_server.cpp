#include "deploy/http_server.h"

#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <thread>

#include "deploy/http_error.h"

namespace fer {
namespace {
using Clock = std::chrono::steady_clock;

// Beyond the connections that are served: threads that turn others away.
constexpr int kDoormen = 2;

// The length that a head declares; nothing where it cannot be told.
std::optional<size_t> declared_length(const httplib::Request& request) {
  if (request.has_header("Transfer-Encoding")) return std::nullopt;
  if (!request.has_header("Content-Length")) return 0;
  const std::string text = request.get_header_value("Content-Length");
  size_t length = 0;
  const auto [end, fault] =
      std::from_chars(text.data(), text.data() + text.size(), length);
  if (fault != std::errc() || end != text.data() + text.size())
    return std::nullopt;
  return length;
}

}  // namespace

HttpServer::HttpServer(const HttpLimits& limits, Observer observer)
    : limits_(limits), observer_(std::move(observer)) {
  new_task_queue = [this] {
    return new httplib::ThreadPool(
        static_cast<size_t>(limits_.connections + kDoormen));
  };
  // httplib's default, SO_REUSEPORT, would let two servers share a port.
  set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
  set_keep_alive_timeout(
      std::chrono::duration_cast<std::chrono::seconds>(limits_.idle).count());
  httplib::Headers headers;
  for (const auto& [name, value] : security_headers())
    headers.emplace(name, value);
  set_default_headers(std::move(headers));
}

int HttpServer::bind(const std::string& host, int port) {
  errno = 0;
  const int bound = port == 0                  ? bind_to_any_port(host)
                    : bind_to_port(host, port) ? port
                                               : -1;
  if (bound < 0) {
    const int reason = errno;
    fail<Error>("[serve] expected a free port at {}:{}; got '{}'. {}", host,
                port, reason == 0 ? "no such host" : std::strerror(reason),
                reason == EADDRINUSE ? "Choose another with --port, or 0 for "
                                       "any free one."
                                     : "Choose another --host or --port.");
  }
  // httplib queues five new connections, which a page with many requests or
  // many clients fill; listening again only changes that number.
  ::listen(svr_sock_, limits_.connections);
  return bound;
}

void HttpServer::run() {
  if (!stopping_) listen_after_bind();
}

void HttpServer::request_stop() {
  // httplib must not be stopped twice.
  if (stopping_.exchange(true)) return;
  // Before it runs, httplib ignores stop(); run() looks at the flag only once.
  for (int i = 0; i < 100 && !is_running(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  stop();
}

bool HttpServer::process_and_close_socket(socket_t socket) {
  LimitedStream stream(socket, limits_, stopping_);
  if (open_.fetch_add(1) >= limits_.connections) {
    stream.finish_with(HttpError(
        503, "expected fewer connections; got too many. Try again.", 1));
    observer_("other", 503, 0);
  } else {
    while (serve_one(stream)) {
    }
  }
  --open_;
  return true;
}

void HttpServer::prepare(httplib::Request& request,
                         LimitedStream& stream) const {
  const std::string type = request.get_header_value("Content-Type");
  request.headers.erase("Content-Type");
  request.headers.erase(kTypeHeader);
  request.headers.emplace(kTypeHeader, type);
  // Nothing here is large enough for parts of it to make sense.
  request.headers.erase("Range");
  request.ranges.clear();
  stream.start_body(declared_length(request), limits_.picture_bytes);
}

bool HttpServer::serve_one(LimitedStream& stream) {
  if (!stream.wait_for_request()) return false;
  std::string path = "other";
  auto start = Clock::now();
  bool client_closes = false;
  const bool answered = process_request(stream, stopping_, client_closes,
                                        [&](httplib::Request& request) {
                                          path = endpoint_name(request.path);
                                          start = Clock::now();
                                          prepare(request, stream);
                                        });
  const bool at_end = stream.at_end_of_request();
  if (stream.refusal()) {
    const HttpError refusal = *stream.refusal();
    stream.finish_with(refusal);
  } else if (answered && !at_end) {
    stream.linger();
  }
  if (stream.status() > 0)
    observer_(path, stream.status(),
              std::chrono::duration<double>(Clock::now() - start).count());
  return answered && at_end && !client_closes && !stopping_ &&
         !stream.refusal();
}

}  // namespace fer
