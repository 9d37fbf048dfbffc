// Beginning and end of a server's life, and many clients in between.
#include <gmock/gmock.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <latch>

#include "core/error.h"
#include "deploy/server_fixture.h"
#include "deploy/server_metrics.h"

namespace fer {
namespace {
using testing::HasSubstr;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

using ServerStop = ServerTest;

TEST_F(ServerStop, SaysThatAPortIsTaken) {
  start();
  WebServer second(options_);
  try {
    second.bind("127.0.0.1", port_);
    FAIL() << "two servers at one port";
  } catch (const Error& error) {
    EXPECT_EQ(std::string(error.what()),
              fmt::format("[serve] expected a free port at 127.0.0.1:{}; got "
                          "'Address already in use'. Choose another with "
                          "--port, or 0 for any free one.",
                          port_));
  }
}

TEST_F(ServerStop, SaysThatAHostIsNotOfThisMachine) {
  WebServer server(options_);
  for (const char* host : {"192.0.2.1", "no.such.host.invalid"}) {
    try {
      server.bind(host, 0);
      FAIL() << host;
    } catch (const Error& error) {
      EXPECT_THAT(error.what(), HasSubstr(host));
      EXPECT_THAT(error.what(), HasSubstr("Choose another --host"));
    }
  }
}

TEST_F(ServerStop, FinishesRequestsThatAreUnderWay) {
  std::latch entered(1);
  options_.predict = [&](std::span<const std::byte>) {
    entered.count_down();
    std::this_thread::sleep_for(300ms);
    return happy_outcome();
  };
  start();
  HttpAnswer answer;
  std::thread client([&] { answer = predict(); });
  entered.wait();
  server_->stop();
  listener_.join();
  client.join();
  EXPECT_EQ(answer.status, 200);
  server_.reset();
}

TEST_F(ServerStop, DoesNotWaitForIdleOrUnfinishedConnections) {
  start();
  RawClient idle(port_), unfinished(port_);
  idle.send(http_request("GET", "/healthz"));
  EXPECT_EQ(idle.receive().status, 200);
  unfinished.send("GET / HT");
  std::this_thread::sleep_for(50ms);
  const auto begin = Clock::now();
  server_->stop();
  listener_.join();
  EXPECT_LT(Clock::now() - begin, 5s);
  server_.reset();
}

TEST_F(ServerStop, StopsBeforeItRuns) {
  server_ = std::make_unique<WebServer>(options_);
  server_->bind("127.0.0.1", 0);
  server_->stop();
  server_->stop();
  server_->run();
  server_.reset();
}

// 64 clients for two seconds; benchmarks/python/serve_load.py is the longer
// one.
TEST_F(ServerStop, AnswersManyClientsWithoutAnError) {
  options_.limits.connections = 128;
  start();
  std::atomic<int> right = 0, wrong = 0;
  const auto end = Clock::now() + 2s;
  const auto work = [&] {
    RawClient client(port_);
    const std::string request =
        http_request("POST", "/api/predict", png_header(200, 100),
                     {{"Content-Type", "image/png"}});
    while (Clock::now() < end) {
      client.send(request);
      ++(client.receive().status == 200 ? right : wrong);
    }
  };
  std::vector<std::thread> clients;
  for (int i = 0; i < 64; ++i) clients.emplace_back(work);
  std::this_thread::sleep_for(1s);
  const uint64_t before = resident_bytes();
  for (std::thread& client : clients) client.join();
  EXPECT_EQ(wrong, 0);
  EXPECT_GT(right, 500);
  EXPECT_LT(resident_bytes(), before + (uint64_t{64} << 20));
}

}  // namespace
}  // namespace fer
