#include "callbacks/event_file.h"

#include <gtest/gtest.h>

namespace fer {
namespace {

using namespace std::string_literals;

TEST(EventFile, ComputesCrc32c) {
  EXPECT_EQ(crc32c(""), 0u);
  EXPECT_EQ(crc32c("123456789"), 0xE3069283u);  // the catalogue's check value
  // RFC 3720, B.4.
  EXPECT_EQ(crc32c(std::string(32, '\0')), 0x8A9136AAu);
  EXPECT_EQ(crc32c(std::string(32, '\xff')), 0x62A8AB43u);
}

TEST(EventFile, MasksTheCrc) {
  // 0xE3069283 rotated right by 15 is 0x2507C60D; + 0xA282EAD8.
  EXPECT_EQ(masked_crc32c("123456789"), 0xC78AB0E5u);
}

TEST(EventFile, FramesARecordWithItsLength) {
  const std::string record = event_record("abc");
  ASSERT_EQ(record.size(), 8u + 4 + 3 + 4);
  EXPECT_EQ(record.substr(0, 8), "\3\0\0\0\0\0\0\0"s);
  EXPECT_EQ(record.substr(12, 3), "abc");
}

TEST(EventFile, OpensWithTheVersion) {
  // 09 = field 1, 8 bytes: 1.0; 1a = field 3, bytes: length 13.
  EXPECT_EQ(version_event(1.0),
            "\x09\0\0\0\0\0\0\xf0\x3f\x1a\x0d"s + "brain.Event:2");
}

TEST(EventFile, WritesScalarsAsASummary) {
  const Scalar scalars[] = {{"a", 1.0}};
  // 10 = field 2, varint: 300 = ac 02; 2a = field 5: 10 bytes; 0a = Value of 8
  // bytes; 0a = tag of 1 byte; 15 = field 2, 4 bytes: 1.0f.
  EXPECT_EQ(scalar_event(1.0, 300, scalars),
            "\x09\0\0\0\0\0\0\xf0\x3f\x10\xac\x02\x2a\x0a\x0a\x08\x0a\x01"
            "a\x15\0\0\x80\x3f"s);
}

}  // namespace
}  // namespace fer
