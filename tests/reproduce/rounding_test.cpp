#include "reproduce/rounding.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "core/temporary_folder.h"

namespace fer {
namespace {

Bounds bounds(const char* text, Rounding rounding) {
  return bounds_of(parse_printed(text), rounding);
}

TEST(PrintedNumber, KeepsDigitsDecimalsAndPercent) {
  const PrintedNumber share = parse_printed("0.90");
  EXPECT_EQ(share.digits, 90);
  EXPECT_EQ(share.decimals, 2);
  EXPECT_FALSE(share.percent);
  EXPECT_DOUBLE_EQ(share.value(), 0.9);
  const PrintedNumber percent = parse_printed("94.38%");
  EXPECT_EQ(percent.digits, 9438);
  EXPECT_EQ(percent.decimals, 2);
  EXPECT_DOUBLE_EQ(percent.value(), 0.9438);
  EXPECT_EQ(parse_printed("2,440,929").digits, 2440929);
  EXPECT_EQ(parse_printed(".5").decimals, 1);
}

TEST(PrintedNumber, RefusesWhatNoTableHolds) {
  for (const char* text :
       {"nan", "", "%", ".", "-0.1", "1e-3", "0.9.0", "5.",
        "0.123456789012345678", "1,5.0,0", "inf", "0 9", "0,94", "1,79,8"}) {
    EXPECT_EQ(error_text([&] { parse_printed(text); }),
              std::string("[rounding] expected a number as printed, such as "
                          "0.94, 94.38% or 1,798, of at most 17 digits; got "
                          "\"") +
                  text + "\".")
        << text;
  }
}

// 0.94 covers [0.935, 0.945]: 187/200 and 189/200 are its very ends.
TEST(Bounds, TreatsTiesAsTheRuleSays) {
  EXPECT_TRUE(bounds("0.94", Rounding::kNearest).contains(187, 200));
  EXPECT_TRUE(bounds("0.94", Rounding::kNearest).contains(189, 200));
  EXPECT_TRUE(bounds("0.94", Rounding::kHalfUp).contains(187, 200));
  EXPECT_FALSE(bounds("0.94", Rounding::kHalfUp).contains(189, 200));
  EXPECT_TRUE(bounds("0.94", Rounding::kHalfEven).contains(189, 200));
  EXPECT_FALSE(bounds("0.93", Rounding::kHalfEven).contains(187, 200));
  EXPECT_FALSE(bounds("0.95", Rounding::kHalfEven).contains(189, 200));
  EXPECT_TRUE(bounds("0.93", Rounding::kNearest).contains(187, 200));
}

TEST(Bounds, TruncationStartsAtTheNumberItself) {
  EXPECT_TRUE(bounds("0.94", Rounding::kTruncated).contains(94, 100));
  EXPECT_TRUE(bounds("0.94", Rounding::kTruncated).contains(949, 1000));
  EXPECT_FALSE(bounds("0.94", Rounding::kTruncated).contains(95, 100));
  EXPECT_FALSE(bounds("0.94", Rounding::kTruncated).contains(939, 1000));
}

// In binary .945 lies below .945 and .935 above .935, so that C and Python
// print both as 0.94; 93.5 and 96.5 are exact and go to the even digit.
TEST(Bounds, KnowWhereCAndPythonPutATie) {
  EXPECT_TRUE(bounds("0.94", Rounding::kPrintf).contains(189, 200));
  EXPECT_FALSE(bounds("0.95", Rounding::kPrintf).contains(189, 200));
  EXPECT_TRUE(bounds("0.94", Rounding::kPrintf).contains(187, 200));
  EXPECT_FALSE(bounds("0.93", Rounding::kPrintf).contains(187, 200));
  EXPECT_TRUE(bounds("94%", Rounding::kPrintf).contains(187, 200));
  EXPECT_FALSE(bounds("93%", Rounding::kPrintf).contains(187, 200));
  EXPECT_TRUE(bounds("96%", Rounding::kPrintf).contains(193, 200));
  EXPECT_FALSE(bounds("97%", Rounding::kPrintf).contains(193, 200));
}

// The same for each tie of two decimals, against the C library.
TEST(Bounds, PutEachTieWhereTheCLibraryPrintsIt) {
  for (int64_t k = 0; k < 100; ++k) {
    const std::string shown = fmt::format("{:.2f}", (2 * k + 1) / 200.0);
    EXPECT_TRUE(
        bounds(shown.c_str(), Rounding::kPrintf).contains(2 * k + 1, 200))
        << shown;
    const std::string other =
        fmt::format("0.{:02}", shown == fmt::format("0.{:02}", k) ? k + 1 : k);
    EXPECT_FALSE(
        k < 99 &&
        bounds(other.c_str(), Rounding::kPrintf).contains(2 * k + 1, 200))
        << other;
  }
}

// 4963/7178 = 0.6914182223...; the nearest 32-bit number times 100 is what the
// source printed. 4962 and 4964 lie 1.4e-4 away, 2,300 times its spacing.
TEST(Bounds, RecogniseTheDigitsOfA32BitNumber) {
  const Bounds test = bounds("69.14182305335999%", Rounding::kFloat32);
  const CountRange counts = counts_between(test, 7178);
  EXPECT_EQ(counts.low, 4963);
  EXPECT_EQ(counts.high, 4963);
  // Half of it, 2481.5 of 3589, is no count.
  EXPECT_TRUE(counts_between(test, 3589).empty());
  const Bounds train = bounds("97.89961576461792%", Rounding::kFloat32);
  EXPECT_EQ(counts_between(train, 28709).low, 28106);
  EXPECT_EQ(counts_between(train, 28709).count(), 1);
  // Exactly 4963/7178 has other digits: 69.14182223460574.
  EXPECT_TRUE(
      counts_between(bounds("69.14182223460574%", Rounding::kNearest), 7178)
          .low == 4963);
}

TEST(Bounds, RefuseDigitsThatNo32BitNumberHas) {
  EXPECT_EQ(error_text([] { bounds("0.94", Rounding::kFloat32); }),
            "[rounding] expected all digits of a 32-bit number; got 0.94, "
            "where the nearest one prints as 0.9399999976158142. Set printed: "
            "rounded.");
}

// 1 is a power of two: numbers below it are half as far apart as above.
TEST(Bounds, KnowThatNumbersBelowAPowerOfTwoAreCloser) {
  const Bounds one = bounds("1.0", Rounding::kFloat32);
  EXPECT_DOUBLE_EQ(1 - one.low.value(), 0x1p-25);
  EXPECT_DOUBLE_EQ(one.high.value() - 1, 0x1p-24);
}

// 0.125 of 8 is 1 exactly; "0.13" is half up, "0.12" half even.
TEST(CountsBetween, FollowTheRuleAtATie) {
  EXPECT_EQ(counts_between(bounds("0.13", Rounding::kHalfUp), 8).count(), 1);
  EXPECT_EQ(counts_between(bounds("0.12", Rounding::kHalfUp), 8).count(), 0);
  EXPECT_EQ(counts_between(bounds("0.13", Rounding::kHalfEven), 8).count(), 0);
  EXPECT_EQ(counts_between(bounds("0.12", Rounding::kHalfEven), 8).count(), 1);
}

TEST(CountsBetween, AgreeWithTryingEveryCount) {
  for (const char* text : {"0.0", "0.5", "1.0", "0.33", "0.90", "89.45%"}) {
    for (const Rounding rule : {Rounding::kNearest, Rounding::kHalfUp,
                                Rounding::kHalfEven, Rounding::kTruncated}) {
      const Bounds range = bounds(text, rule);
      for (int64_t n = 1; n <= 60; ++n) {
        const CountRange counts = counts_between(range, n);
        for (int64_t k = 0; k <= n; ++k) {
          EXPECT_EQ(range.contains(k, n), counts.low <= k && k <= counts.high)
              << text << " " << rounding_name(rule) << " " << k << "/" << n;
        }
      }
    }
  }
}

TEST(SizesBetween, AgreeWithTryingEverySize) {
  for (const char* text : {"0.0", "0.5", "1.0", "0.33", "0.90"}) {
    for (const Rounding rule : {Rounding::kNearest, Rounding::kHalfUp,
                                Rounding::kHalfEven, Rounding::kTruncated}) {
      const Bounds range = bounds(text, rule);
      for (int64_t k = 1; k <= 30; ++k) {
        const CountRange sizes = sizes_between(range, k, 80);
        for (int64_t n = k; n <= 80; ++n) {
          EXPECT_EQ(range.contains(k, n), sizes.low <= n && n <= sizes.high)
              << text << " " << rounding_name(rule) << " " << k << "/" << n;
        }
      }
    }
  }
}

}  // namespace
}  // namespace fer
