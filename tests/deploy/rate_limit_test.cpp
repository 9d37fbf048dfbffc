#include "deploy/rate_limit.h"

#include <gtest/gtest.h>

namespace fer {
namespace {
using namespace std::chrono_literals;

const RateLimit::Time kStart{};

TEST(RateLimit, LetsABurstThroughThenTheRate) {
  RateLimit limit(2, 3);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(limit.wait_of("a", kStart), 0);
  EXPECT_EQ(limit.wait_of("a", kStart), 1);  // half a second, rounded up
  EXPECT_EQ(limit.wait_of("a", kStart + 500ms), 0);  // one token at 2/s
  EXPECT_EQ(limit.wait_of("a", kStart + 500ms), 1);
  EXPECT_EQ(limit.wait_of("b", kStart + 500ms), 0);
}

TEST(RateLimit, HoldsNoMoreThanABurst) {
  RateLimit limit(10, 2);
  const auto later = kStart + 1h;
  EXPECT_EQ(limit.wait_of("a", kStart), 0);
  EXPECT_EQ(limit.wait_of("a", later), 0);
  EXPECT_EQ(limit.wait_of("a", later), 0);
  EXPECT_EQ(limit.wait_of("a", later), 1);
}

TEST(RateLimit, TellsHowLongToWait) {
  RateLimit limit(0.1, 1);
  EXPECT_EQ(limit.wait_of("a", kStart), 0);
  EXPECT_EQ(limit.wait_of("a", kStart), 10);  // 1 / 0.1
}

TEST(RateLimit, ZeroMeansNone) {
  RateLimit limit(0, 1);
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(limit.wait_of("a", kStart), 0);
  EXPECT_EQ(limit.clients(), 0u);
}

TEST(RateLimit, RemembersABoundedNumberOfClients) {
  RateLimit limit(1, 1, 100);
  for (int i = 0; i < 10000; ++i)
    EXPECT_EQ(limit.wait_of(std::to_string(i), kStart + i * 1ms), 0);
  EXPECT_LE(limit.clients(), 100u);
}

TEST(RateLimit, KnowsIpv6ClientsByTheirNetwork) {
  EXPECT_EQ(client_of("127.0.0.1"), "127.0.0.1");
  EXPECT_EQ(client_of("::ffff:10.0.0.1"), "10.0.0.1");
  EXPECT_EQ(client_of("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
  EXPECT_EQ(client_of("2001:db8:1:2::"), client_of("2001:db8:1:2::ffff"));
}

}  // namespace
}  // namespace fer
