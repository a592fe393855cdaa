// SPDX-License-Identifier: MIT
#include "globalconf/view_holder.hpp"

#include "base/free_memory.hpp"
#include "globalconf/image_file.hpp"
#include "globalconf/loaded_view.hpp"
#include "globalconf/part_draft.hpp"

namespace causeway::globalconf {

ViewHolder::ViewHolder(std::filesystem::path directory)
    : directory_(std::move(directory)), next_expiry_(TimePoint::max()), current_(empty_view()) {}

ViewHolder::~ViewHolder() = default;

ViewHolder::Stamps ViewHolder::stamps() const {
  Stamps found;
  std::error_code error;
  for (std::filesystem::recursive_directory_iterator it(directory_.base(), error), end; !error && it != end;
       it.increment(error)) {
    std::error_code ignored;
    const std::string suffix = it->path().extension().string();
    if (suffix == kDraftSuffix || suffix == kImageSuffix || suffix == ".tmp") continue;
    if (it->is_regular_file(ignored)) found.emplace(it->path(), FileStamp::of(it->path()));
  }
  return found;
}

Result<bool> ViewHolder::refresh(TimePoint at) {
  const std::lock_guard lock(refreshing_);
  // Taken before the files are read: what changes meanwhile is seen the next time.
  auto stamps_now = std::make_unique<Stamps>(stamps());
  if (seen_ && *seen_ == *stamps_now && at <= next_expiry_) return false;
  auto view = LoadedView::load(directory_, loaded_.get(), at);
  if (!view) return std::move(view).error();
  loaded_ = *std::move(view);
  seen_ = std::move(stamps_now);
  next_expiry_ = loaded_->next_foreign_expiry();
  current_.set(loaded_);
  version_.fetch_add(1, std::memory_order_acq_rel);
  if (loaded_->instances_opened() > 0) {
    opened_.fetch_add(loaded_->instances_opened(), std::memory_order_acq_rel);
    return_free_memory();
  }
  return true;
}

}  // namespace causeway::globalconf
