// SPDX-License-Identifier: MIT
#include "admin/connections.hpp"

namespace causeway::admin {
namespace {

bool is_alive(store::Database& database) { return database.execute("SELECT 1").ok(); }

}  // namespace

std::unique_ptr<store::Database> Connections::take_free() {
  const std::lock_guard lock(mutex_);
  if (free_.empty()) return nullptr;
  auto database = std::move(free_.back());
  free_.pop_back();
  return database;
}

Result<Connections::Lease> Connections::take() {
  while (auto database = take_free())
    if (is_alive(*database)) return Lease(*this, std::move(database));
  auto opened = open_();
  if (!opened) return opened.error();
  return Lease(*this, *std::move(opened));
}

void Connections::give_back(std::unique_ptr<store::Database> database) {
  const std::lock_guard lock(mutex_);
  free_.push_back(std::move(database));
}

}  // namespace causeway::admin
