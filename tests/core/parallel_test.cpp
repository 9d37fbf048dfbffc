#include "core/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "core/error.h"
#include "temporary_folder.h"

namespace fer {
namespace {

TEST(ParallelFor, VisitsEveryIndexOnce) {
  for (const size_t n : {0u, 1u, 2u, 7u, 1000u}) {
    for (const size_t grain : {0u, 1u, 3u, 5000u}) {
      for (const unsigned threads : {0u, 1u, 4u}) {
        std::vector<std::atomic<int>> visits(n);
        parallel_for(
            n,
            [&](size_t begin, size_t end) {
              ASSERT_LE(end, n);
              for (size_t i = begin; i < end; ++i) ++visits[i];
            },
            grain, threads);
        for (const auto& count : visits) ASSERT_EQ(count, 1);
      }
    }
  }
}

TEST(ParallelFor, PiecesAreAsLongAsTheGrain) {
  std::mutex mutex;
  std::multiset<size_t> lengths;
  parallel_for(
      10,
      [&](size_t begin, size_t end) {
        const std::lock_guard lock(mutex);
        lengths.insert(end - begin);
      },
      4, 3);
  EXPECT_EQ(lengths, (std::multiset<size_t>{2, 4, 4}));
}

TEST(ParallelFor, UsesSeveralThreads) {
  std::atomic<int> inside = 0;
  // Each piece waits until the other has begun.
  parallel_for(
      2,
      [&](size_t, size_t) {
        ++inside;
        for (int i = 0; inside < 2 && i < 10'000; ++i)
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
      },
      1, 2);
  EXPECT_EQ(inside, 2);
}

TEST(ParallelFor, ThrowsTheFirstErrorWhenAllHaveStopped) {
  std::atomic<int> running = 0;
  const std::string text = error_text([&] {
    parallel_for(
        1000,
        [&](size_t begin, size_t) {
          ++running;
          if (begin == 3) {
            --running;
            fail("[test] piece 3");
          }
          --running;
        },
        1, 4);
  });
  EXPECT_EQ(text, "[test] piece 3");
  EXPECT_EQ(running, 0);
}

}  // namespace
}  // namespace fer
