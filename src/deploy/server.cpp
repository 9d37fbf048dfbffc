#include "deploy/server.h"

#include <httplib.h>

#include <chrono>
#include <new>

#include "deploy/http_error.h"
#include "deploy/http_server.h"
#include "deploy/page.h"
#include "deploy/rate_limit.h"

namespace fer {
namespace {
using httplib::Request;
using httplib::Response;

constexpr const char* kJson = "application/json";

void set_error(Response& response, const HttpError& error) {
  response.status = error.status();
  if (error.retry_after() > 0)
    response.set_header("Retry-After", std::to_string(error.retry_after()));
  response.set_content(error_body(error.what()), kJson);
}

void set_json(Response& response, const Json& json) {
  response.set_content(json.dump() + "\n", kJson);
}

// What went wrong in a handler, in the client's words or without any.
void set_failure(Response& response, std::exception_ptr failure) {
  try {
    std::rethrow_exception(failure);
  } catch (const HttpError& error) {
    set_error(response, error);
  } catch (const std::bad_alloc&) {
    set_error(response,
              HttpError(503, "expected more memory; got none. Try again.", 1));
  } catch (...) {
    set_error(response, HttpError(500,
                                  "this request met a fault of the "
                                  "server. It goes on with others."));
  }
}

// What httplib refuses by itself has no text yet.
const char* text_of(int status) {
  switch (status) {
    case 400:
      return "expected a whole HTTP request; got a misshapen one.";
    case 413:
      return "expected a smaller body.";
    case 414:
      return "expected a shorter address.";
    case 416:
      return "expected no Range header.";
    default:
      return reason_of(status);
  }
}

}  // namespace

struct WebServer::Parts {
  explicit Parts(ApiOptions options)
      : api(std::move(options)),
        rate(api.options().limits.rate, api.options().limits.burst),
        http(api.options().limits,
             [this](const std::string& path, int status, double seconds) {
               api.metrics().request(path, status, seconds);
             }) {
    add_guards();
    add_page();
    add_api();
  }

  void check(const Request& request) {
    if (const int wait =
            rate.wait_of(request.remote_addr, std::chrono::steady_clock::now()))
      throw HttpError(429, "expected fewer requests a second; got too many.",
                      wait);
    check_head(request, request.get_header_value(kTypeHeader),
               api.options().limits);
  }

  void add_guards() {
    using Handled = httplib::Server::HandlerResponse;
    http.set_payload_max_length(api.options().limits.picture_bytes);
    http.set_pre_routing_handler(
        [this](const Request& request, Response& response) {
          try {
            check(request);
            return Handled::Unhandled;
          } catch (const HttpError& error) {
            set_error(response, error);
            if (error.status() == 405)
              response.set_header(
                  "Allow", request.path.starts_with("/api/") ? "POST" : "GET");
            return Handled::Handled;
          }
        });
    http.set_exception_handler(
        [](const Request&, Response& response, std::exception_ptr failure) {
          set_failure(response, failure);
        });
    http.set_error_handler([](const Request&, Response& response) {
      if (response.body.empty())
        response.set_content(error_body(text_of(response.status)), kJson);
    });
  }

  void add_page() {
    for (const PageFile& file : page_files()) {
      http.Get(std::string(file.path),
               [&file](const Request&, Response& response) {
                 response.set_content(file.text.data(), file.text.size(),
                                      std::string(file.type));
               });
    }
    http.Get("/healthz", [this](const Request&, Response& response) {
      set_json(response, api.health());
    });
    http.Get("/metrics", [this](const Request&, Response& response) {
      response.set_content(api.metrics().text(http.open_connections()),
                           "text/plain; version=0.0.4; charset=utf-8");
    });
  }

  void add_api() {
    http.Post("/api/predict", [this](const Request& request,
                                     Response& response) {
      set_json(response, api.predict(request.body,
                                     request.get_header_value(kTypeHeader)));
    });
    http.Post("/api/recommend",
              [this](const Request& request, Response& response) {
                if (request.body.size() > api.options().limits.json_bytes)
                  refuse(413, "expected at most {} bytes; got more.",
                         api.options().limits.json_bytes);
                set_json(response, api.recommend(request.body));
              });
  }

  Api api;
  RateLimit rate;
  HttpServer http;
};

WebServer::WebServer(ApiOptions options)
    : parts_(std::make_unique<Parts>(std::move(options))) {}

WebServer::~WebServer() = default;

int WebServer::bind(const std::string& host, int port) {
  return parts_->http.bind(host, port);
}

void WebServer::run() { parts_->http.run(); }

void WebServer::stop() { parts_->http.request_stop(); }

}  // namespace fer
