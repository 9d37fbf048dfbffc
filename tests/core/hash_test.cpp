#include "core/hash.h"

#include <gtest/gtest.h>

namespace fer {
namespace {

// FIPS 180-4 examples, and the empty message.
constexpr const char* kEmpty =
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
constexpr const char* kAbc =
    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
constexpr const char* kTwoBlocks =
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
constexpr const char* kMillionA =
    "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0";

TEST(Sha256, GivesTheStandardsExamples) {
  EXPECT_EQ(sha256(""), kEmpty);
  EXPECT_EQ(sha256("abc"), kAbc);
  EXPECT_EQ(sha256("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            kTwoBlocks);
  EXPECT_EQ(sha256(std::string(1'000'000, 'a')), kMillionA);
}

TEST(Sha256, PiecesHashLikeTheWhole) {
  Sha256 hash;
  hash.update("a");
  hash.update("");
  const std::string rest = "bc";
  hash.update(std::as_bytes(std::span(rest)));
  EXPECT_EQ(hash.hex(), kAbc);
}

TEST(Sha256, OfNothingIsThatOfTheEmptyText) {
  EXPECT_EQ(Sha256().hex(), kEmpty);
}

}  // namespace
}  // namespace fer
