// SPDX-License-Identifier: MIT
#include "securityserver/messagelog/mentions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <bit>

namespace causeway::securityserver {
namespace {

constexpr unsigned kBlockBits = 8;
// The bits of so many blocks are an integer.
constexpr unsigned kBlocksOfWord = 64;
constexpr unsigned kWordsOfEra = (1U << (kEraBits - kBlockBits)) / kBlocksOfWord;

constexpr std::int64_t kRoles = 4;  // a power of two above

// A name in a role, as one number.
std::int64_t who(Role role, std::int64_t number) { return number * kRoles + static_cast<std::int64_t>(role); }
Role role_of(std::int64_t who) { return static_cast<Role>(who % kRoles); }

}  // namespace

std::string_view column_of(Role role) {
  static constexpr std::array<std::string_view, 3> kOfRoles{"owner", "client", "service"};
  return kOfRoles[static_cast<std::size_t>(role)];
}

void NewMentions::note(std::uint64_t id, std::int64_t owner, std::int64_t client, std::int64_t service) {
  const auto era = static_cast<std::int64_t>(id >> kEraBits);
  const std::uint64_t block = id >> kBlockBits;
  const auto word = static_cast<std::int64_t>(block / kBlocksOfWord % kWordsOfEra);
  const std::uint64_t bit = std::uint64_t{1} << block % kBlocksOfWord;
  blocks_[{era, who(Role::owner, owner), word}] |= bit;
  blocks_[{era, who(Role::client, client), word}] |= bit;
  blocks_[{era, who(Role::service, service), word}] |= bit;
}

Result<void> NewMentions::write(store::Database& database) const {
  if (blocks_.empty()) return {};
  auto era = database.prepare("INSERT INTO era (number) VALUES ($1) ON CONFLICT (number) DO NOTHING");
  if (!era) return era.error();
  auto mention = database.prepare(
      "INSERT INTO mention (era, who, word, blocks) VALUES ($1, $2, $3, $4) "
      "ON CONFLICT (era, who, word) DO UPDATE SET blocks = blocks | excluded.blocks");
  if (!mention) return mention.error();
  std::int64_t last_era = -1;
  for (const auto& [at, blocks] : blocks_) {
    if (at[0] != last_era)
      if (auto added = (*era)->run(at[0]); !added) return added;
    last_era = at[0];
    if (auto added = (*mention)->run(at[0], at[1], at[2], static_cast<std::int64_t>(blocks)); !added) return added;
  }
  return {};
}

Result<void> forget_mentions_before(store::Database& database, std::uint64_t id) {
  for (const std::string_view sql : {"DELETE FROM mention WHERE era < $1", "DELETE FROM era WHERE number < $1"}) {
    auto forget = database.prepare(sql);
    if (!forget) return forget.error();
    if (auto done = (*forget)->run(id >> kEraBits); !done) return done;
  }
  return {};
}

Result<MentioningRanges> MentioningRanges::start(store::Database& database, IdRange within,
                                                 std::span<const Names> names) {
  std::vector<std::int64_t> all;
  std::vector<Role> roles;
  for (const Names& some : names) {
    roles.push_back(some.role);
    for (const std::int64_t number : some.numbers) all.push_back(who(some.role, number));
  }
  // The join is told its order, so that each era is one look-up for each name, and none is sorted.
  auto rows = database.prepare(fmt::format(
      "SELECT number, who, word, blocks FROM era CROSS JOIN mention WHERE number >= $1 AND number <= $2 AND "
      "mention.era = number AND who IN ({}) ORDER BY number",
      fmt::join(all, ",")));
  if (!rows) return rows.error();
  if (auto started = (*rows)->start(within.first >> kEraBits, within.last >> kEraBits); !started)
    return started.error();
  static_assert(std::tuple_size_v<Blocks> == kWordsOfEra);
  return MentioningRanges(*std::move(rows), within, std::move(roles));
}

Result<bool> MentioningRanges::read_era() {
  std::array<Blocks, kRoles> of_role{};
  bool any = false;
  while (!ended_) {
    if (!row_ready_) {
      auto row = rows_->next();
      if (!row) return row.error();
      ended_ = !*row;
      if (ended_) break;
    }
    const auto era = static_cast<std::uint64_t>(rows_->integer(0));
    row_ready_ = any && era != era_;
    if (row_ready_) break;
    any = true;
    era_ = era;
    const auto role = static_cast<std::size_t>(role_of(rows_->integer(1)));
    const auto word = static_cast<std::size_t>(rows_->integer(2)) % kWordsOfEra;
    of_role[role][word] |= static_cast<std::uint64_t>(rows_->integer(3));
  }
  for (std::size_t word = 0; word < kWordsOfEra; ++word) {
    blocks_[word] = any ? ~std::uint64_t{0} : 0;
    for (const Role role : roles_) blocks_[word] &= of_role[static_cast<std::size_t>(role)][word];
  }
  word_ = 0;
  return any;
}

Result<std::optional<IdRange>> MentioningRanges::next() {
  for (;;) {
    while (word_ < kWordsOfEra && blocks_[word_] == 0) ++word_;
    if (word_ == kWordsOfEra) {
      auto read = read_era();
      if (!read) return read.error();
      if (!*read) return std::optional<IdRange>();
      continue;
    }
    // Neighbours are read at once.
    std::uint64_t& bits = blocks_[word_];
    const auto begin = static_cast<unsigned>(std::countr_zero(bits));
    const unsigned end = begin + static_cast<unsigned>(std::countr_one(bits >> begin));
    bits = end == kBlocksOfWord ? 0 : bits >> end << end;
    const std::uint64_t first_block = (era_ * kWordsOfEra + word_) * kBlocksOfWord;
    const IdRange range{std::max(within_.first, (first_block + begin) << kBlockBits),
                        std::min(within_.last, ((first_block + end) << kBlockBits) - 1)};
    if (range.first <= range.last) return std::optional(range);
  }
}

}  // namespace causeway::securityserver
