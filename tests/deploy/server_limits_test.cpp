// Every limit of the server, over a real socket: the right status, a JSON
// error, and a server that goes on (ServerTest::TearDown asks it).
#include <gmock/gmock.h>

#include <chrono>
#include <latch>

#include "core/error.h"
#include "deploy/server_fixture.h"

namespace fer {
namespace {
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

using ServerLimits = ServerTest;

TEST_F(ServerLimits, RefusesABodyThatIsDeclaredTooLong) {
  options_.limits.picture_bytes = 1000;
  start();
  for (const char* length : {"1001", "99999999999999999999999"}) {
    RawClient client(port_);
    client.send(http_request(
        "POST", "/api/predict", "",
        {{"Content-Type", "image/png"}, {"Content-Length", length}}));
    const HttpAnswer answer = client.receive();
    EXPECT_EQ(answer.status, 413);
    EXPECT_EQ(answer.error(),
              std::string("expected at most 1000 bytes; got ") + length + ".");
    EXPECT_TRUE(client.closed());
  }
  EXPECT_EQ(predict().status, 200);
}

TEST_F(ServerLimits, RefusesAChunkedBodyThatGrowsTooLong) {
  options_.limits.picture_bytes = 1000;
  start();
  RawClient client(port_);
  client.send(http_request(
      "POST", "/api/predict", "",
      {{"Content-Type", "image/png"}, {"Transfer-Encoding", "chunked"}}));
  const std::string chunk = "100\r\n" + std::string(256, 'x') + "\r\n";
  for (int i = 0; i < 100 && client.send(chunk); ++i) {
  }
  const HttpAnswer answer = client.receive();
  EXPECT_EQ(answer.status, 413);
  EXPECT_THAT(answer.error(), HasSubstr("at most 1000 bytes"));
}

TEST_F(ServerLimits, ReadsAChunkedBody) {
  start();
  const std::string picture = png_header(200, 100);
  RawClient client(port_);
  client.send(http_request(
      "POST", "/api/predict",
      fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", picture.size(), picture),
      {{"Content-Type", "image/png"}, {"Transfer-Encoding", "chunked"}}));
  EXPECT_EQ(client.receive().status, 200);
}

TEST_F(ServerLimits, RefusesLengthsThatAreNone) {
  start();
  const auto status = [&](const HttpHeaders& headers) {
    HttpHeaders all = headers;
    all.emplace_back("Content-Type", "image/png");
    const HttpAnswer answer =
        ask(http_request("POST", "/api/predict", "", all));
    answer.error();
    return answer.status;
  };
  EXPECT_EQ(status({{"Content-Length", "-"}}), 411);
  EXPECT_EQ(status({{"Content-Length", "-1"}}), 400);
  EXPECT_EQ(status({{"Content-Length", "1x"}}), 400);
  EXPECT_EQ(status({{"Content-Length", "1"}, {"Content-Length", "2"}}), 400);
  EXPECT_EQ(status({{"Content-Length", "1"}, {"Transfer-Encoding", "chunked"}}),
            400);
  EXPECT_EQ(status({{"Transfer-Encoding", "gzip, chunked"}}), 400);
}

TEST_F(ServerLimits, RefusesALongHeadAndALongAddress) {
  start();
  const HttpAnswer lines = get("/", {{"X", std::string(20000, 'x')}});
  EXPECT_EQ(lines.status, 431);
  EXPECT_THAT(lines.error(), HasSubstr("at most 16384 bytes"));
  HttpHeaders many;
  for (int i = 0; i < 2000; ++i) many.emplace_back("X", "1234567890");
  EXPECT_EQ(get("/", many).status, 431);
  const HttpAnswer address = get("/" + std::string(9000, 'x'));
  EXPECT_EQ(address.status, 414);
  EXPECT_THAT(address.error(), HasSubstr("shorter"));
}

TEST_F(ServerLimits, SurvivesWhatRegularExpressionsOverflowOn) {
  start();
  EXPECT_EQ(get("/" + std::string(8000, 'x')).status, 404);
  EXPECT_EQ(get("/?" + std::string(8000, '=')).status, 200);
  get("/", {{"Range", "bytes=" + std::string(7900, '1') + "-"}});
  std::string ranges = "bytes=0-1";
  while (ranges.size() < 7900) ranges += ",0-1";
  get("/", {{"Range", ranges}});
  const std::string line = "--b\r\nContent-Disposition: form-data; name=\"" +
                           std::string(3'000'000, 'x') + "\"\r\n\r\n\r\n--b--";
  EXPECT_EQ(
      post("/api/predict", line, "multipart/form-data; boundary=b").status,
      400);
}

TEST_F(ServerLimits, RefusesARequestThatDoesNotArrive) {
  options_.limits.arrival = 300ms;
  start();
  RawClient head(port_), body(port_);
  head.send("GET / HTTP/1.1\r\nHost: local");
  body.send(
      http_request("POST", "/api/predict", "abc",
                   {{"Content-Type", "image/png"}, {"Content-Length", "100"}}));
  for (RawClient* client : {&head, &body}) {
    const HttpAnswer answer = client->receive();
    EXPECT_EQ(answer.status, 408);
    EXPECT_THAT(answer.error(), HasSubstr("within 300 ms"));
    EXPECT_TRUE(client->closed());
  }
}

// A byte now and then must not reset the clock.
TEST_F(ServerLimits, EndsARequestThatDrips) {
  options_.limits.arrival = 400ms;
  start();
  RawClient client(port_);
  const std::string head = "GET / HTTP/1.1\r\nHost: localhost\r\nX: yyyyyyyyyy";
  const auto start_time = std::chrono::steady_clock::now();
  for (size_t i = 0; i < head.size() && client.send(head.substr(i, 1)); ++i)
    std::this_thread::sleep_for(50ms);
  EXPECT_EQ(client.receive(1).status, 408);
  EXPECT_GT(std::chrono::steady_clock::now() - start_time, 400ms);
}

TEST_F(ServerLimits, ClosesIdleConnections) {
  options_.limits.idle = 200ms;
  start();
  RawClient silent(port_), used(port_);
  used.send(http_request("GET", "/healthz"));
  EXPECT_EQ(used.receive().status, 200);
  EXPECT_TRUE(silent.closed());
  EXPECT_TRUE(used.closed());
}

TEST_F(ServerLimits, KeepsAConnectionForManyRequests) {
  start();
  RawClient client(port_);
  for (int i = 0; i < 50; ++i) {
    client.send(http_request("GET", "/healthz"));
    ASSERT_EQ(client.receive().status, 200) << i;
  }
  const std::string two =
      http_request("GET", "/healthz") + http_request("GET", "/nothing");
  client.send(two);  // pipelined
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_EQ(client.receive().status, 404);
}

// What follows a body that nobody read is no request (smuggling).
TEST_F(ServerLimits, ClosesAfterABodyThatWasNotRead) {
  start();
  RawClient client(port_);
  const std::string inner = http_request("GET", "/metrics");
  client.send(http_request("GET", "/healthz", inner,
                           {{"Content-Length", std::to_string(inner.size())}}));
  EXPECT_EQ(client.receive().status, 200);
  EXPECT_TRUE(client.closed());
}

TEST_F(ServerLimits, TurnsConnectionsAwayThatAreTooMany) {
  options_.limits.connections = 3;
  start();
  std::vector<std::unique_ptr<RawClient>> held;
  for (int i = 0; i < 3; ++i) {
    held.push_back(std::make_unique<RawClient>(port_));
    held.back()->send(http_request("GET", "/healthz"));
    EXPECT_EQ(held.back()->receive().status, 200);
  }
  RawClient fourth(port_);
  const HttpAnswer answer = fourth.receive();
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_THAT(answer.error(), HasSubstr("connections"));
  held.clear();
  // The places are free once the server has seen them go.
  for (int i = 0; i < 50 && get("/healthz").status != 200; ++i)
    std::this_thread::sleep_for(20ms);
}

TEST_F(ServerLimits, RefusesPicturesBeyondThoseThatMayWait) {
  options_.limits.readers = 1;
  options_.limits.waiting = 0;
  std::latch entered(1), leave(1);
  options_.predict = [&](std::span<const std::byte>) {
    entered.count_down();
    leave.wait();
    return happy_outcome();
  };
  start();
  HttpAnswer first;
  std::thread slow([&] { first = predict(); });
  entered.wait();
  const HttpAnswer second = predict();
  EXPECT_EQ(second.status, 503);
  EXPECT_EQ(second.header("Retry-After"), "1");
  EXPECT_THAT(second.error(), HasSubstr("fewer pictures"));
  EXPECT_EQ(get("/healthz").status, 200);
  leave.count_down();
  slow.join();
  EXPECT_EQ(first.status, 200);
}

TEST_F(ServerLimits, RefusesAPictureThatWaitsTooLong) {
  options_.limits.readers = 1;
  options_.limits.waiting = 5;
  options_.limits.turn = 50ms;
  std::latch entered(1), leave(1);
  options_.predict = [&](std::span<const std::byte>) {
    entered.count_down();
    leave.wait();
    return happy_outcome();
  };
  start();
  std::thread slow([&] { predict(); });
  entered.wait();
  EXPECT_EQ(predict().status, 503);
  leave.count_down();
  slow.join();
}

TEST_F(ServerLimits, LimitsTheRateOfAClient) {
  options_.limits.rate = 0.001;
  options_.limits.burst = 3;
  start();
  for (int i = 0; i < 3; ++i) EXPECT_EQ(get("/healthz").status, 200);
  const HttpAnswer answer = get("/healthz");
  EXPECT_EQ(answer.status, 429);
  EXPECT_EQ(answer.header("Retry-After"), "1000");
  EXPECT_THAT(answer.error(), HasSubstr("fewer requests"));
}

TEST_F(ServerLimits, RefusesOtherMethods) {
  start();
  const HttpAnswer get_api = get("/api/predict");
  EXPECT_EQ(get_api.status, 405);
  EXPECT_EQ(get_api.header("Allow"), "POST");
  EXPECT_THAT(get_api.error(), HasSubstr("expected POST"));
  for (const char* method : {"POST", "PUT", "DELETE", "OPTIONS", "PATCH"}) {
    const HttpAnswer answer = ask(http_request(method, "/healthz"));
    EXPECT_EQ(answer.status, 405) << method;
    EXPECT_EQ(answer.header("Allow"), "GET") << method;
  }
}

TEST_F(ServerLimits, RefusesNamesThatAreNotItsOwn) {
  options_.limits.hosts = {"Faces.Example"};
  start();
  for (const char* host :
       {"localhost", "localhost:1234", "LOCALHOST", "127.0.0.1:80", "[::1]:80",
        "192.168.1.7", "faces.example:8080"})
    EXPECT_EQ(get("/healthz", {{"Host", host}}).status, 200) << host;
  for (const char* host :
       {"evil.example", "localhost.evil.example", "127.0.0.1.evil.example",
        "localhost:80:80", "localhost:x", "[::1", "a@localhost"}) {
    const HttpAnswer answer = get("/healthz", {{"Host", host}});
    EXPECT_EQ(answer.status, 421) << host;
    EXPECT_THAT(answer.error(), HasSubstr("--allow-host"));
  }
  EXPECT_EQ(get("/healthz", {{"Host", "-"}}).status, 400);
  EXPECT_EQ(get("/healthz", {{"Host", "localhost"}, {"Host", "evil"}}).status,
            400);
}

TEST_F(ServerLimits, RefusesPagesOfOtherSites) {
  start();
  const auto status = [&](const char* origin) {
    return post("/api/predict", form_of(png_header(9, 9), "b"),
                "multipart/form-data; boundary=b",
                {{"Host", "localhost:99"}, {"Origin", origin}})
        .status;
  };
  EXPECT_EQ(status("http://localhost:99"), 200);
  EXPECT_EQ(status("https://LOCALHOST:99"), 200);
  for (const char* origin :
       {"http://evil.example", "null", "http://localhost",
        "http://localhost:999", "http://localhost:99.evil.example"})
    EXPECT_EQ(status(origin), 403) << origin;
  const HttpAnswer preflight =
      ask(http_request("OPTIONS", "/api/predict", "",
                       {{"Origin", "http://evil.example"},
                        {"Access-Control-Request-Method", "POST"}}));
  EXPECT_EQ(preflight.status, 405);
  EXPECT_THAT(preflight.head, Not(HasSubstr("Access-Control-Allow")));
}

TEST_F(ServerLimits, SendsSecurityHeadersAlsoWithErrors) {
  start();
  for (const std::string& path :
       {std::string("/"), std::string("/nothing"), std::string("/healthz"),
        "/" + std::string(9000, 'x')}) {
    const HttpAnswer answer = get(path);
    EXPECT_THAT(answer.header("Content-Security-Policy"),
                HasSubstr("default-src 'none'"));
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(answer.header("X-Frame-Options"), "DENY");
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer");
    EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  }
  EXPECT_THAT(get("/", {{"X", std::string(20000, 'x')}}).head,
              HasSubstr("Content-Security-Policy"));
}

TEST_F(ServerLimits, RefusesWhatIsNoHttp) {
  start();
  for (const char* text :
       {"\r\n\r\n", "GET\r\n\r\n", "BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        "\x16\x03\x01\x02 TLS hello\r\n\r\n"}) {
    const HttpAnswer answer = ask(text);
    EXPECT_EQ(answer.status, 400) << text;
    answer.error();
  }
  RawClient gone(port_);
  gone.send("GET / HT");  // and leaves
}

}  // namespace
}  // namespace fer
