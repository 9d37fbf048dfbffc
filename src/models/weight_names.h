// Whose names are whose: one table per family of networks and layout of files.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/sections.h"

namespace fer {

/// One line of a table: `#` stands for a number, `*` at the end for all that
/// follows; both are carried over in their order. No `ours`: known, and not
/// needed.
struct NameRule {
  std::string theirs, ours;
  int part = -1;  ///< third of our tensor: queries 0, keys 1, values 2; -1: all
};

/// The first line that fits decides; the first line of a tensor (of each part
/// of it) is the name under which we write it.
using NameTable = std::vector<NameRule>;

/// How files of `layout` name the tensors of a model of the zoo. ConfigError:
/// nobody publishes such a network in that layout.
NameTable name_table(const std::string& model, WeightsLayout layout);

/// Where a tensor of a file belongs; an empty name: nowhere, on purpose.
struct OurName {
  std::string name;
  int part = -1;
};

/// None: no line of the table fits.
std::optional<OurName> to_ours(const NameTable& table, std::string_view theirs);

/// The name, or the three names of queries, keys and values, under which the
/// layout stores our tensor; none: it has no place there.
std::vector<std::string> to_theirs(const NameTable& table,
                                   std::string_view ours);

/// Why the network that a layout's weights were made for is not the one that
/// `config` describes, although their tensors fit: "Keras's ResNet50 has ...";
/// empty: it is the same function.
std::string other_function(const ModelConfig& config, WeightsLayout layout);

}  // namespace fer
