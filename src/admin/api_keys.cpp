// SPDX-License-Identifier: MIT
#include "admin/api_keys.hpp"

#include "base/bytes.hpp"
#include "base/uuid.hpp"
#include "pki/digest.hpp"

namespace causeway::admin {
namespace {

// A key that was made by another process is looked for at once; those who guess cost no more
// than a query a second.
constexpr std::chrono::seconds kPauseForUnknown{1};

std::string encoded(std::string_view secret) {
  return to_hex(pki::digest(pki::DigestAlgorithm::sha256, as_bytes(secret)));
}

Fault not_found(std::int64_t id) { return Fault{"api_key_not_found", "there is no API key " + std::to_string(id)}; }

struct StoredKey {
  ApiKey key;
  std::string encoded_key;
};

// In the order of their ids. `id` 0: all.
Result<std::vector<StoredKey>> read_keys(store::Database& database, std::int64_t id) {
  auto select = database.prepare(
      "SELECT id, encoded_key, role FROM api_key JOIN api_key_role ON api_key = id WHERE $1 = 0 OR id = $1 ORDER BY "
      "id");
  if (!select) return select.error();
  if (auto started = (*select)->start(id); !started) return started.error();
  std::vector<StoredKey> keys;
  for (;;) {
    auto row = (*select)->next();
    if (!row) return row.error();
    if (!*row) return keys;
    const store::Statement& at = **select;
    if (keys.empty() || keys.back().key.id != at.integer(0))
      keys.push_back({{at.integer(0), {}}, std::string(at.text(1))});
    keys.back().key.roles.emplace(at.text(2));
  }
}

Result<void> write_roles(store::Database& database, std::int64_t id, const Names& roles) {
  auto insert = database.prepare("INSERT INTO api_key_role (api_key, role) VALUES ($1, $2)");
  if (!insert) return insert.error();
  for (const std::string& role : roles)
    if (auto done = (*insert)->run(id, role); !done) return done;
  return {};
}

Result<std::int64_t> write_key(store::Database& database, const std::string& encoded_key) {
  auto insert = database.prepare("INSERT INTO api_key (encoded_key) VALUES ($1) RETURNING id");
  if (!insert) return insert.error();
  if (auto started = (*insert)->start(encoded_key); !started) return started.error();
  auto row = (*insert)->next();
  if (!row) return row.error();
  const std::int64_t id = (*insert)->integer(0);
  (*insert)->reset();
  return id;
}

}  // namespace

Result<void> ApiKeys::check(const Names& roles, const Names& had, const Caller& by) const {
  if (roles.empty()) return Fault{"invalid_role", "an API key needs a role"};
  for (const std::string& role : roles) {
    if (!known_.known(role)) return Fault{"invalid_role", "there is no role " + role};
    if (!had.contains(role) && !by.may_grant(role)) return Fault{"forbidden_role", by.name + " may not grant " + role};
  }
  return {};
}

Result<NewApiKey> ApiKeys::create(store::Database& database, const Names& roles, const Caller& by) {
  if (auto allowed = check(roles, {}, by); !allowed) return allowed.error();
  NewApiKey made{{0, roles}, random_uuid()};
  auto transaction = store::Transaction::begin(database);
  if (!transaction) return transaction.error();
  auto id = write_key(database, encoded(made.secret));
  if (!id) return id.error();
  if (auto written = write_roles(database, *id, roles); !written) return written.error();
  if (auto committed = transaction->commit(); !committed) return committed.error();
  forget();
  made.key.id = *id;
  return made;
}

Result<std::vector<ApiKey>> ApiKeys::list(store::Database& database) const {
  auto stored = read_keys(database, 0);
  if (!stored) return stored.error();
  std::vector<ApiKey> keys;
  for (StoredKey& each : *stored) keys.push_back(std::move(each.key));
  return keys;
}

Result<ApiKey> ApiKeys::get(store::Database& database, std::int64_t id) const {
  if (id <= 0) return not_found(id);
  auto stored = read_keys(database, id);
  if (!stored) return stored.error();
  if (stored->empty()) return not_found(id);
  return std::move(stored->front().key);
}

Result<ApiKey> ApiKeys::update(store::Database& database, std::int64_t id, const Names& roles, const Caller& by) {
  auto transaction = store::Transaction::begin(database);
  if (!transaction) return transaction.error();
  auto key = get(database, id);
  if (!key) return key.error();
  if (auto allowed = check(roles, key->roles, by); !allowed) return allowed.error();
  auto drop = database.prepare("DELETE FROM api_key_role WHERE api_key = $1");
  if (!drop) return drop.error();
  if (auto dropped = (*drop)->run(id); !dropped) return dropped.error();
  if (auto written = write_roles(database, id, roles); !written) return written.error();
  if (auto committed = transaction->commit(); !committed) return committed.error();
  forget();
  return ApiKey{id, roles};
}

Result<void> ApiKeys::revoke(store::Database& database, std::int64_t id) {
  auto transaction = store::Transaction::begin(database);
  if (!transaction) return transaction.error();
  // Roles first: SQLite heeds references only where it is told to.
  for (const char* sql : {"DELETE FROM api_key_role WHERE api_key = $1", "DELETE FROM api_key WHERE id = $1"}) {
    auto drop = database.prepare(sql);
    if (!drop) return drop.error();
    if (auto done = (*drop)->run(id); !done) return done;
  }
  if (database.changes() == 0) return not_found(id);
  if (auto committed = transaction->commit(); !committed) return committed;
  forget();
  return {};
}

void ApiKeys::forget() {
  const std::lock_guard lock(mutex_);
  loaded_.reset();
}

Result<void> ApiKeys::load(store::Database& database, Clock::time_point now) {
  auto stored = read_keys(database, 0);
  if (!stored) return stored.error();
  by_encoded_key_.clear();
  for (StoredKey& each : *stored) by_encoded_key_.emplace(std::move(each.encoded_key), std::move(each.key));
  loaded_ = now;
  return {};
}

Result<std::optional<ApiKey>> ApiKeys::find(store::Database& database, std::string_view secret, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (!loaded_ || now - *loaded_ >= kept_for_)
    if (auto loaded = load(database, now); !loaded) return loaded.error();
  // Looked up by its digest: how long that takes tells nothing of the keys.
  const std::string digest = encoded(secret);
  auto found = by_encoded_key_.find(digest);
  if (found == by_encoded_key_.end() && now - *loaded_ >= kPauseForUnknown) {
    if (auto loaded = load(database, now); !loaded) return loaded.error();
    found = by_encoded_key_.find(digest);
  }
  return found == by_encoded_key_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace causeway::admin
