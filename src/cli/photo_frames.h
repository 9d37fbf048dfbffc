// Photographs as what a recommendation starts from. Without the deploy part:
// no_deploy.cpp.
#pragma once

#include <CLI/CLI.hpp>
#include <memory>
#include <string>
#include <vector>

#include "songs/burst.h"

namespace fer {

class PhotoFrames {
 public:
  PhotoFrames();
  ~PhotoFrames();

  /// PICTURE to the group `source`, and how to look at it to `verb`.
  void add_to(CLI::App& verb, CLI::App& source);
  bool given() const;

  /// Each picture, and each frame of a video, is a frame of a burst; those that
  /// cannot be read are named on stderr. DataError when none can.
  std::vector<Frame> look(const std::string& policy) const;

 private:
  struct Options;
  std::unique_ptr<Options> options_;
};

}  // namespace fer
