// What holds for every protocol on any data set: made-up ones with classes and
// twin groups at random, seeded, and so the same at every run.
#include <gtest/gtest.h>

#include <cmath>
#include <random>
#include <set>

#include "split_builder.h"

namespace fer {
namespace {

constexpr int kDataSets = 60;

struct Case {
  ImageSet images;
  Twins twins;
};

// Two to five classes of 60 to 300 images, groups of one to six images; one
// group in ten mixes labels, one image in fifty is blank.
Case random_case(uint32_t seed) {
  std::mt19937 random(seed);
  const auto below = [&](uint32_t n) { return random() % n; };
  const uint32_t classes = 2 + below(4);
  Rows labels, contents, group;
  for (uint32_t c = 0; c < classes; ++c) {
    const size_t end = labels.size() + 60 + below(240);
    while (labels.size() < end) {
      const auto number = static_cast<int64_t>(labels.size());
      const uint32_t size = below(4) ? 1 : 2 + below(5);
      const bool mixed = below(10) == 0, copies = below(2) == 0;
      const bool blank = size == 1 && below(50) == 0;
      for (uint32_t k = 0; k < size; ++k) {
        const auto row = static_cast<int64_t>(labels.size());
        labels.push_back(mixed ? below(classes) : c);
        contents.push_back(blank ? -1 : copies ? number : row);
        group.push_back(number);
      }
    }
  }
  Case made{build_images(labels, contents, {}), {}};
  for (uint32_t c = 0; c < classes; ++c)
    made.images.class_names.push_back(
        std::string(1, static_cast<char>('a' + c)));
  for (size_t i = 0; i < group.size(); ++i) {
    const uint32_t part = below(10);
    made.images.usage[i] = part < 6   ? Usage::kTraining
                           : part < 8 ? Usage::kPublicTest
                                      : Usage::kPrivateTest;
  }
  made.twins = twins_of(made.images, group);
  return made;
}

SplitConfig honest(Protocol protocol, int64_t seed) {
  SplitConfig config;
  config.protocol = protocol;
  config.seed = seed;
  config.validation = .15;
  config.test = .2;
  config.folds = 4;
  return config;
}

constexpr Protocol kHonest[] = {Protocol::kRandom, Protocol::kClean,
                                Protocol::kOfficialClean, Protocol::kKfold};

bool same(const Split& a, const Split& b) {
  return a.train == b.train && a.val == b.val && a.test == b.test;
}

TEST(EveryHonestSplit, PartsNoTwinsAndUsesNoRowTwice) {
  for (uint32_t seed = 0; seed < kDataSets; ++seed) {
    const Case made = random_case(seed);
    for (const Protocol protocol : kHonest) {
      SplitConfig config = honest(protocol, seed);
      for (config.fold = 0; config.fold < 4; ++config.fold) {
        if (protocol != Protocol::kKfold && config.fold > 0) break;
        const Split split = make_split(made.images, config, made.twins);
        EXPECT_FALSE(cuts_a_group(made.twins.group, split))
            << word(protocol) << " " << seed;
        const Rows rows = all_rows(split);
        EXPECT_EQ(std::set(rows.begin(), rows.end()).size(), rows.size());
      }
    }
  }
}

TEST(EveryHonestSplit, HasEveryClassInEveryPart) {
  for (uint32_t seed = 0; seed < kDataSets; ++seed) {
    const Case made = random_case(seed);
    const size_t classes = made.images.class_names.size();
    for (const Protocol protocol : kHonest) {
      const Split split =
          make_split(made.images, honest(protocol, seed), made.twins);
      for (const char* name : {"train", "val", "test"}) {
        EXPECT_EQ(label_counts(made.images, split.rows(name)).size(), classes)
            << word(protocol) << " " << seed << " " << name;
      }
    }
  }
}

TEST(EverySplit, IsAFunctionOfItsSeedAlone) {
  for (uint32_t seed = 0; seed < 10; ++seed) {
    const Case made = random_case(seed);
    for (const Protocol protocol :
         {Protocol::kRandom, Protocol::kClean, Protocol::kKfold}) {
      const auto split = [&](int64_t number) {
        return make_split(made.images, honest(protocol, number), made.twins);
      };
      EXPECT_TRUE(same(split(1), split(1)));
      EXPECT_NE(split(1).test, split(2).test);
      EXPECT_NE(split(1).val, split(2).val);
    }
    // The official parts know no seed.
    const auto official = [&](int64_t number) {
      return make_split(made.images, honest(Protocol::kOfficialClean, number),
                        made.twins);
    };
    EXPECT_TRUE(same(official(1), official(2)));
  }
}

TEST(CleanSplit, KeepsClassSharesWithinOneRowWhereGroupsAllow) {
  for (uint32_t seed = 0; seed < kDataSets; ++seed) {
    const Case made = random_case(seed);
    const Split split =
        make_split(made.images, honest(Protocol::kClean, seed), made.twins);
    auto totals = label_counts(made.images, all_rows(split));
    const auto n = static_cast<double>(all_rows(split).size());
    for (const auto& [name, share] :
         {std::pair("val", .15), std::pair("test", .2)}) {
      const Rows& rows = split.rows(name);
      EXPECT_EQ(rows.size(), static_cast<size_t>(std::ceil(share * n)));
      auto counts = label_counts(made.images, rows);
      for (const auto& [label, total] : totals) {
        const double fair =
            static_cast<double>(total) * static_cast<double>(rows.size()) / n;
        EXPECT_LT(std::abs(static_cast<double>(counts[label]) - fair), 1.0)
            << seed << " " << name << " " << label;
      }
    }
  }
}

TEST(Kfold, TestsEveryRowOnceInFoldsOfEqualClasses) {
  for (uint32_t seed = 0; seed < kDataSets; ++seed) {
    const Case made = random_case(seed);
    SplitConfig config = honest(Protocol::kKfold, seed);
    Rows tested;
    std::map<int64_t, std::vector<int64_t>> counts;
    Rows used;
    for (config.fold = 0; config.fold < config.folds; ++config.fold) {
      const Split split = make_split(made.images, config, made.twins);
      tested.insert(tested.end(), split.test.begin(), split.test.end());
      for (const auto& [label, n] : label_counts(made.images, split.test))
        counts[label].push_back(n);
      used = all_rows(split);
    }
    std::ranges::sort(tested);
    EXPECT_EQ(tested, used) << seed;
    for (const auto& [label, of_fold] : counts) {
      ASSERT_EQ(of_fold.size(), 4u);
      EXPECT_LE(std::ranges::max(of_fold) - std::ranges::min(of_fold), 1)
          << seed << " class " << label;
    }
  }
}

TEST(OfficialCleanSplit, TakesOutNothingButTwinsOfLaterParts) {
  for (uint32_t seed = 0; seed < kDataSets; ++seed) {
    const Case made = random_case(seed);
    const auto split = [&](Protocol protocol) {
      return make_split(made.images, honest(protocol, seed), made.twins);
    };
    const Split official = split(Protocol::kOfficial);
    const Split clean = split(Protocol::kOfficialClean);
    EXPECT_EQ(clean.test, official.test);
    const auto groups = [&](const Rows& rows) {
      std::set<int64_t> numbers;
      for (const int64_t row : rows)
        numbers.insert(made.twins.group[static_cast<size_t>(row)]);
      return numbers;
    };
    const auto sealed = groups(official.test), chosen = groups(clean.val);
    const auto without = [&](Rows rows, const std::set<int64_t>& gone) {
      std::erase_if(rows, [&](int64_t row) {
        return gone.contains(made.twins.group[static_cast<size_t>(row)]);
      });
      return rows;
    };
    EXPECT_EQ(clean.val, without(official.val, sealed));
    EXPECT_EQ(clean.train, without(without(official.train, sealed), chosen));
  }
}

}  // namespace
}  // namespace fer
