#include "cli/audit_pictures.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "core/text.h"
#include "data/contact.h"
#include "eval/samples.h"

namespace fer {
namespace {

constexpr size_t kMostGroups = 40, kMostPictures = 8, kMostBlank = 24;

using Rows = std::vector<int64_t>;

struct Side {
  const char* name;
  int bit;
};
constexpr Side kSides[] = {{"test", 1}, {"val", 2}, {"train", 4}};

class Gallery {
 public:
  Gallery(const ImageSet& images, const Split& split, const Twins& twins)
      : images_(images), twins_(twins), sides_(images.size()) {
    for (const Side& side : kSides) {
      for (const int64_t row : split.rows(side.name))
        sides_[static_cast<size_t>(row)] |= side.bit;
    }
    for (size_t i = 0; i < images.size(); ++i) {
      groups_[twins.group[i]].push_back(static_cast<int64_t>(i));
      ++copies_[twins.first[i]];
    }
    for (const TwinPair& pair : twins.near) {
      for (const int64_t row : {pair.a, pair.b}) {
        const auto [at, fresh] = best_.emplace(row, &pair);
        if (!fresh && pair.correlation > at->second->correlation)
          at->second = &pair;
      }
    }
  }

  AuditGroups cross_split() const {
    return select([&](const Rows& rows) {
      int sides = 0;
      for (const int64_t row : rows) sides |= sides_[at(row)];
      if (twins_.blank[at(rows[0])] || (sides & (sides - 1)) == 0)
        return size_t{0};
      // Test and train before any other two, then by size.
      const bool worst = (sides & 5) == 5;
      return rows.size() + (worst ? images_.size() : 0);
    });
  }

  AuditGroups conflicts() const {
    return select([&](const Rows& rows) {
      std::set<int64_t> labels;
      for (const int64_t row : rows) labels.insert(images_.labels[at(row)]);
      return labels.size() < 2 ? 0
                               : labels.size() * images_.size() + rows.size();
    });
  }

  AuditGroups largest() const {
    return select([](const Rows& rows) {
      return rows.size() < 2 ? size_t{0} : rows.size();
    });
  }

  AuditGroup blank() const {
    AuditGroup group;
    for (size_t i = 0; i < images_.size(); ++i) {
      if (!twins_.blank[i]) continue;
      if (group.pictures.size() < kMostBlank)
        group.pictures.push_back(picture(static_cast<int64_t>(i)));
      else
        ++group.more;
    }
    return group;
  }

 private:
  static size_t at(int64_t row) { return static_cast<size_t>(row); }

  // The groups that `weigh` gives more than 0, heaviest first.
  template <class Weigh>
  AuditGroups select(const Weigh& weigh) const {
    std::vector<std::pair<size_t, const Rows*>> found;
    for (const auto& [first, rows] : groups_) {
      if (const size_t weight = weigh(rows)) found.emplace_back(weight, &rows);
    }
    std::ranges::stable_sort(found, std::ranges::greater(),
                             [](const auto& entry) { return entry.first; });
    AuditGroups result;
    result.total = found.size();
    found.resize(std::min(found.size(), kMostGroups));
    for (const auto& [weight, rows] : found)
      result.groups.push_back(group(*rows));
    return result;
  }

  // Sides and labels take turns, so that what differs is seen.
  AuditGroup group(const Rows& rows) const {
    std::map<std::pair<int, int64_t>, int> turns;
    std::vector<std::pair<int, int64_t>> order;
    for (const int64_t row : rows) {
      const std::pair kind(sides_[at(row)], images_.labels[at(row)]);
      order.emplace_back(turns[kind]++, row);
    }
    std::ranges::sort(order, {}, [&](const auto& entry) {
      return std::tuple(entry.first, sides_[at(entry.second)], entry.second);
    });
    AuditGroup result;
    result.more = order.size() - std::min(order.size(), kMostPictures);
    order.resize(order.size() - result.more);
    for (const auto& [turn, row] : order)
      result.pictures.push_back(picture(row));
    return result;
  }

  AuditPicture picture(int64_t row) const {
    const auto label = at(images_.labels[at(row)]);
    std::vector<std::string> sides;
    for (const Side& side : kSides) {
      if (sides_[at(row)] & side.bit) sides.emplace_back(side.name);
    }
    return {base64(encode_png(picture_of(images_, at(row)))),
            images_.ids[at(row)], images_.class_names[label], join(sides, " "),
            note(row)};
  }

  std::string note(int64_t row) const {
    if (twins_.blank[at(row)]) return {};
    const int64_t first = twins_.first[at(row)];
    std::string text = copies_.at(first) > 1 ? "exact copy" : "";
    const auto found = best_.find(first);
    if (found == best_.end()) return text;
    const TwinPair& pair = *found->second;
    return fmt::format("{}{}r = {:.3f}{}", text, text.empty() ? "" : ", ",
                       pair.correlation, pair.mirrored ? ", mirrored" : "");
  }

  const ImageSet& images_;
  const Twins& twins_;
  std::vector<int> sides_;
  std::map<int64_t, Rows> groups_;
  std::map<int64_t, int> copies_;
  std::map<int64_t, const TwinPair*> best_;
};

}  // namespace

AuditPage audit_page(const Config& config, const ImageSet& images,
                     const Split& split, const Twins& twins,
                     const Json& audit) {
  const Gallery gallery(images, split, twins);
  return {config.experiment.name,
          word(config.data.split.protocol),
          audit,
          gallery.cross_split(),
          gallery.conflicts(),
          gallery.largest(),
          gallery.blank()};
}

}  // namespace fer
