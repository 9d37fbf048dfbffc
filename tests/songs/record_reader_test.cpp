#include "songs/record_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace fer {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<Record> read_all(std::string_view text) {
  RecordReader reader(text);
  std::vector<Record> records;
  for (Record record; reader.next(record);) records.push_back(record);
  return records;
}

TEST(RecordReader, TrimsAndKeepsLineNumbers) {
  const auto records = read_all(
      "\xEF\xBB\xBF"
      "a, b \r\n\n  \n1,\"x, y\"\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_THAT(records[0].fields, ElementsAre("a", "b"));
  EXPECT_THAT(records[1].fields, ElementsAre("1", "x, y"));
  EXPECT_EQ(records[1].line, 4u);
}

TEST(RecordReader, TakesQuotesInsideAFieldAsTheyAre) {
  const auto records = read_all("a,b\nMaroon5\"x\",\"said \"\"hi\"\"\"\n");
  EXPECT_THAT(records[1].fields, ElementsAre("Maroon5\"x\"", "said \"hi\""));
}

TEST(RecordReader, LetsAWholeQuotedFieldSpanLines) {
  const auto records = read_all("a,b\n\"one\ntwo\",2\n3,4");
  ASSERT_EQ(records.size(), 3u);
  EXPECT_THAT(records[1].fields, ElementsAre("one\ntwo", "2"));
  EXPECT_EQ(records[2].line, 4u);
  EXPECT_THAT(records[2].fields, ElementsAre("3", "4"));
}

TEST(RecordReader, LosesOneLineToAQuoteThatNeverEnds) {
  const auto records = read_all("a,b\n\"open,1\n2,3\n4,5\n");
  ASSERT_EQ(records.size(), 4u);
  EXPECT_TRUE(records[1].open_quote);
  EXPECT_THAT(records[1].fields, IsEmpty());
  EXPECT_THAT(records[2].fields, ElementsAre("2", "3"));
}

TEST(RecordReader, LosesOneLineToAQuoteThatEndsInAnotherRow) {
  // The second quote belongs to the last row; joined they make four fields.
  const auto records = read_all("a,b,c\n1,\"open,2\n3,x,4\n5,\"six\",7\n");
  ASSERT_EQ(records.size(), 4u);
  EXPECT_TRUE(records[1].open_quote);
  EXPECT_THAT(records[2].fields, ElementsAre("3", "x", "4"));
  EXPECT_THAT(records[3].fields, ElementsAre("5", "six", "7"));
}

TEST(RecordReader, ReadsEndsAsTheyCome) {
  EXPECT_TRUE(read_all("").empty());
  EXPECT_TRUE(read_all("\n\n").empty());
  EXPECT_THAT(read_all("a,")[0].fields, ElementsAre("a", ""));
  EXPECT_THAT(read_all("\"a\"")[0].fields, ElementsAre("a"));
  EXPECT_TRUE(read_all("a\n\"")[1].open_quote);
}

TEST(RecordReader, IsNotSlowedByManyOpenQuotes) {
  // Each line opens a quote that nothing closes: 64 KiB at most are searched.
  std::string text = "a,b\n";
  for (int i = 0; i < 2000; ++i) text += "\"\"\"x,1\n";
  EXPECT_EQ(read_all(text).size(), 2001u);
}

}  // namespace
}  // namespace fer
