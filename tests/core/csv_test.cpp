#include "core/csv.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/file.h"
#include "core/philox.h"
#include "temporary_folder.h"

namespace fer {
namespace {

using testing::ElementsAre;

class CsvFile : public testing::Test {
 protected:
  CsvTable read(std::string_view text) const {
    write_file(path_, text);
    return read_csv(path_);
  }
  TemporaryFolder folder_;
  std::filesystem::path path_ = folder_.path() / "table.csv";
};

TEST_F(CsvFile, ReadsHeaderAndRows) {
  const CsvTable table = read("id,label\na,1\nb,2\n");
  EXPECT_THAT(table.columns, ElementsAre("id", "label"));
  ASSERT_EQ(table.rows.size(), 2u);
  EXPECT_THAT(table.rows[1], ElementsAre("b", "2"));
}

TEST_F(CsvFile, ReadsALastLineWithoutABreak) {
  EXPECT_THAT(read("a,b\n1,2").rows, ElementsAre(ElementsAre("1", "2")));
}

TEST_F(CsvFile, ReadsWindowsLineEndsAndAByteOrderMark) {
  const CsvTable table = read(
      "\xEF\xBB\xBF"
      "a,b\r\n1,2\r\n");
  EXPECT_THAT(table.columns, ElementsAre("a", "b"));
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("1", "2")));
}

TEST_F(CsvFile, ReadsQuotesCommasAndLineBreaksInFields) {
  const CsvTable table = read("a,b\n\"x, \"\"y\"\"\",\"two\nlines\"\n");
  EXPECT_THAT(table.rows, ElementsAre(ElementsAre("x, \"y\"", "two\nlines")));
}

TEST_F(CsvFile, KeepsEmptyFieldsAndSkipsEmptyLines) {
  const CsvTable table = read("a,b,c\n,,\n\n1,,3\n");
  EXPECT_THAT(table.rows,
              ElementsAre(ElementsAre("", "", ""), ElementsAre("1", "", "3")));
}

TEST_F(CsvFile, KeepsTheRowsOfASingleColumn) {
  EXPECT_THAT(read("a\n1\n\"\"\n2\n").rows,
              ElementsAre(ElementsAre("1"), ElementsAre(""), ElementsAre("2")));
}

TEST_F(CsvFile, AnEmptyFileHasOneNamelessColumn) {
  EXPECT_THAT(read("").columns, ElementsAre(""));
}

TEST_F(CsvFile, NamesTheLineOfARowOfAnotherLength) {
  // Line 2 and 3 are one record: the fault stands on line 5.
  EXPECT_EQ(error_text([&] { read("a,b\n\"x\ny\",1\n\n1,2,3\n"); }),
            "[csv] expected 2 fields; got 3 (" + path_.string() +
                ":5:1). Mend or remove the row.");
}

TEST_F(CsvFile, NamesAQuoteThatNeverEnds) {
  EXPECT_EQ(error_text([&] { read("a,b\n1,2\n\"x,1\n3,4\n"); }),
            "[csv] expected a closing quote; got the end of the file (" +
                path_.string() + ":3:1). Close the quote.");
}

TEST(CsvTable, FindsAColumnOrListsThem) {
  const CsvTable table = {{"id", "label"}, {}};
  EXPECT_EQ(table.column("label"), 1u);
  EXPECT_EQ(error_text([&] { table.column("Label"); }),
            "[csv] expected a column 'Label'; got the columns id, label.");
}

TEST_F(CsvFile, WhatIsWrittenReadsBack) {
  const std::vector<std::string> fields = {
      "plain", "a,b", "say \"x\"", "two\nlines", "cr\rlf", "", " x "};
  const CsvTable table = read("1,2,3,4,5,6,7\n" + csv_line(fields) + "\n");
  EXPECT_THAT(table.rows, ElementsAre(fields));
}

TEST(CsvField, QuotesOnlyWhereItMust) {
  EXPECT_EQ(csv_field("plain text"), "plain text");
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("a\"b"), "\"a\"\"b\"");
}

TEST(CsvNumber, IsTheShortestTextThatReadsBack) {
  EXPECT_EQ(csv_number(0.1), "0.1");
  EXPECT_EQ(csv_number(1.0 / 3), "0.3333333333333333");
  EXPECT_EQ(csv_number(1e-7), "1e-07");
  EXPECT_EQ(csv_number(64), "64");
  EXPECT_EQ(csv_number(-0.0), "-0");
  Philox random(1, 0, 0, Purpose::kInit);
  for (int i = 0; i < 1000; ++i) {
    const double x = std::ldexp(random.uniform(-1, 1) + 1e-9 * random.uniform(),
                                static_cast<int>(random.below(200)) - 100);
    ASSERT_EQ(std::stod(csv_number(x)), x);
  }
}

TEST(CsvNumber, WritesNonNumbersAsWords) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(csv_number(std::nan("")), "nan");
  EXPECT_EQ(csv_number(-std::nan("")), "nan");
  EXPECT_EQ(csv_number(kInfinity), "inf");
  EXPECT_EQ(csv_number(-kInfinity), "-inf");
}

}  // namespace
}  // namespace fer
