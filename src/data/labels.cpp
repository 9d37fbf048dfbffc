#include "data/labels.h"

#include <algorithm>
#include <cstring>
#include <span>

#include "core/error.h"
#include "core/hash.h"
#include "core/text.h"
#include "data/ferplus.h"
#include "data/fingerprint.h"

namespace fer {
namespace {

using Names = std::vector<std::string>;

// -1 where there is none.
int64_t position(const Names& names, const std::string& name) {
  const auto found = std::ranges::find(names, name);
  return found == names.end() ? -1 : found - names.begin();
}

// FER+'s votes for each image of a set.
class Ferplus {
 public:
  Ferplus(const ImageSet& images, const DataConfig& config)
      : ballot_(config.relabel) {
    const auto all = read_ferplus(config.ferplus);
    Names missing;
    for (const std::string& id : images.ids) {
      const auto found = all.find(id);
      if (found == all.end()) {
        missing.push_back(id);
      } else {
        votes_.push_back(found->second);
      }
    }
    if (missing.empty()) return;
    fail<DataError>(
        "[ferplus] expected votes for every image; got none for {} of {}, the "
        "first {} ({}). Its column `file` holds paths as in fer2013.tar.gz.",
        missing.size(), images.size(), missing.front(),
        config.ferplus.string());
  }

  const Ballot& ballot() const { return ballot_; }
  Names winners(size_t i) const { return ballot_.winners(votes_[i]); }
  std::vector<int> counts(size_t i) const { return ballot_.count(votes_[i]); }

  // The majority's label among `names`, -1: none.
  int64_t label(size_t i, const Names& names) const {
    const Names winner = winners(i);
    return winner.size() == 1 ? position(names, winner.front()) : -1;
  }

 private:
  Ballot ballot_;
  std::vector<Votes> votes_;
};

Names class_names(const ImageSet& images, const Ballot& ballot,
                  const DataConfig& config) {
  if (config.classes.empty()) return images.class_names;
  for (const std::string& name : config.classes) {
    if (name != "unknown" && name != "NF" &&
        position(ballot.names(), name) >= 0)
      continue;
    const Names known(ballot.names().begin(), ballot.names().end() - 2);
    fail<DataError>(
        "[ferplus] expected data.classes to name classes of FER+; got '{}', "
        "and there are {} ({}). Choose from these.",
        name, join(known, ", "), config.ferplus.string());
  }
  return config.classes;
}

// Why an image has no label at all; empty where it has one, wanted or not.
std::string problem_of(const Names& winners, const Names& of_source,
                       const Names& wanted) {
  if (winners.size() > 1) return "FER+ votes tie: " + join(winners, ", ");
  const std::string& winner = winners.front();
  if (position(wanted, winner) >= 0 || position(of_source, winner) >= 0)
    return "";
  return "FER+ votes for " + winner;
}

// The images of `rows`, with pixels of their own.
ImageSet take(const ImageSet& images, const std::vector<size_t>& rows) {
  ImageSet taken = images;
  taken.ids.clear();
  taken.usage.clear();
  taken.labels.clear();
  auto pixels = std::make_shared<std::vector<uint8_t>>();
  pixels->reserve(rows.size() * images.image_bytes());
  for (const size_t i : rows) {
    taken.ids.push_back(images.ids[i]);
    taken.usage.push_back(images.usage[i]);
    taken.labels.push_back(images.labels[i]);
    const auto image = images.image(i);
    pixels->insert(pixels->end(), image.begin(), image.end());
  }
  taken.pixels = pixels->data();
  taken.owner = pixels;
  return taken;
}

void add_targets(const Ferplus& ferplus, const std::vector<size_t>& rows,
                 ImageSet& images) {
  const Names& names = ferplus.ballot().names();
  for (const size_t i : rows) {
    const std::vector<int> counts = ferplus.counts(i);
    std::vector<float> row;
    float sum = 0;
    for (const std::string& name : images.class_names) {
      row.push_back(static_cast<float>(
          counts[static_cast<size_t>(position(names, name))]));
      sum += row.back();
    }
    for (const float votes : row) images.targets.push_back(votes / sum);
  }
}

std::string fingerprint_of(const ImageSet& images) {
  const std::string plain = image_fingerprint(images);
  if (images.targets.empty()) return plain;
  Sha256 hash;
  hash.update(plain);
  hash.update(std::as_bytes(std::span(images.targets)));
  return hash.hex();
}

ImageSet with_ferplus_labels(const ImageSet& source, const DataConfig& config) {
  const Ferplus ferplus(source, config);
  const Names names = class_names(source, ferplus.ballot(), config);
  std::vector<BadImage> bad = source.bad;
  std::vector<size_t> rows;
  std::vector<int64_t> labels;
  for (size_t i = 0; i < source.size(); ++i) {
    const std::string problem =
        problem_of(ferplus.winners(i), source.class_names, names);
    const int64_t label = ferplus.label(i, names);
    if (!problem.empty()) {
      bad.push_back({source.ids[i], problem});
    } else if (label >= 0) {
      rows.push_back(i);
      labels.push_back(label);
    }
  }
  ImageSet images = take(source, rows);
  images.other.name = "folder";
  for (const int64_t label : images.labels) {
    images.other.labels.push_back(
        position(names, source.class_names[static_cast<size_t>(label)]));
  }
  images.labels = std::move(labels);
  images.class_names = names;
  images.bad = std::move(bad);
  if (config.labels == LabelKind::kFerplusSoft)
    add_targets(ferplus, rows, images);
  images.fingerprint = fingerprint_of(images);
  return images;
}

}  // namespace

DataConfig source_settings(const DataConfig& config) {
  DataConfig settings = config;
  if (config.labels != LabelKind::kFolder) settings.classes.clear();
  return settings;
}

ImageSet relabel(ImageSet images, const DataConfig& config) {
  if (config.ferplus.empty()) return images;
  if (config.labels != LabelKind::kFolder)
    return with_ferplus_labels(images, config);
  const Ferplus ferplus(images, config);
  images.other.name = "ferplus";
  for (size_t i = 0; i < images.size(); ++i)
    images.other.labels.push_back(ferplus.label(i, images.class_names));
  return images;
}

}  // namespace fer
