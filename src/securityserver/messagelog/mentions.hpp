// SPDX-License-Identifier: MIT
// Where names stand in a log whose index is a file.
//
// An index on each column that holds a name costs more than the records themselves: an entry
// for every record, among those of its name, so that a transaction changes a page for each name.
// Here a name has one bit for every block of records in which it stands somewhere, and the bits
// of an era lie together: a transaction changes a few pages. Who searches reads whole blocks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/database.hpp"

namespace causeway::securityserver {

// Ids from `first` to `last`, both included.
struct IdRange {
  std::uint64_t first = 0, last = 0;
};

// So many ids are an era, which is also how the message ids of an index are kept apart.
constexpr unsigned kEraBits = 16;

// The columns that hold names.
enum class Role : std::uint8_t { owner, client, service };
std::string_view column_of(Role role);

// Names, as the index numbers them, any of which may stand in the role.
struct Names {
  Role role;
  std::vector<std::int64_t> numbers;
};

// What a transaction adds.
class NewMentions {
 public:
  void note(std::uint64_t id, std::int64_t owner, std::int64_t client, std::int64_t service);
  Result<void> write(store::Database& database) const;

 private:
  // The bits of 64 blocks, by era, name and which of the era's.
  std::map<std::array<std::int64_t, 3>, std::uint64_t> blocks_;
};

// Of eras that have passed by then.
Result<void> forget_mentions_before(store::Database& database, std::uint64_t id);

// Goes through the blocks in which all of the names stand.
class MentioningRanges {
 public:
  // The names must not be too many to be looked up in each era.
  static Result<MentioningRanges> start(store::Database& database, IdRange within, std::span<const Names> names);

  // In order and within what was asked for; nothing at the end. A transaction of the database
  // is open until then.
  Result<std::optional<IdRange>> next();

 private:
  // Of an era: a bit for each.
  using Blocks = std::array<std::uint64_t, 4>;

  MentioningRanges(std::unique_ptr<store::Statement> rows, IdRange within, std::vector<Role> roles)
      : rows_(std::move(rows)), within_(within), roles_(std::move(roles)) {}
  // The next era in which any stands. False at the end.
  Result<bool> read_era();

  std::unique_ptr<store::Statement> rows_;
  IdRange within_;
  std::vector<Role> roles_;
  bool row_ready_ = false;  // the first one of the era that follows
  bool ended_ = false;
  std::uint64_t era_ = 0;
  Blocks blocks_{};       // of era_, not yet given out
  std::size_t word_ = 0;  // of blocks_
};

}  // namespace causeway::securityserver
