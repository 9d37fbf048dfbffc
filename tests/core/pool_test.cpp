#include "core/pool.h"

#include <gtest/gtest.h>

#include <stdexcept>

namespace fer {
namespace {

TEST(Pool, UsesAnIdleObjectAgain) {
  int made = 0;
  Pool<int> pool([&made] { return ++made; });
  EXPECT_EQ(pool.use([](int& object) { return object; }), 1);
  pool.use([](int& object) { object = 7; });
  EXPECT_EQ(pool.use([](int& object) { return object; }), 7);
  EXPECT_EQ(made, 1);
}

TEST(Pool, MakesAnotherWhereAllAreTaken) {
  int made = 0;
  Pool<int> pool([&made] { return ++made; });
  pool.use([&pool](int& outer) {
    EXPECT_EQ(outer, 1);
    EXPECT_EQ(pool.use([](int& inner) { return inner; }), 2);
  });
  EXPECT_EQ(made, 2);
}

TEST(Pool, ForgetsAnObjectWhoseWorkThrew) {
  int made = 0;
  Pool<int> pool([&made] { return ++made; });
  EXPECT_THROW(pool.use([](int&) { throw std::runtime_error("broken"); }),
               std::runtime_error);
  EXPECT_EQ(pool.use([](int& object) { return object; }), 2);
}

}  // namespace
}  // namespace fer
