// SPDX-License-Identifier: MIT
#include "net/deadline_sweep.hpp"

namespace causeway::net {

boost::asio::execution_context::id DeadlineSweep::id;

Swept::Swept(boost::asio::execution_context& context) : sweeper_(boost::asio::use_service<DeadlineSweep>(context)) {
  sweeper_.add(*this);
}

Swept::~Swept() { sweeper_.remove(*this); }

DeadlineSweep::DeadlineSweep(boost::asio::execution_context& context)
    : service(context), timer_(static_cast<boost::asio::io_context&>(context)) {}

void DeadlineSweep::add(Swept& item) {
  item.next_ = first_;
  if (first_ != nullptr) first_->previous_ = &item;
  first_ = &item;
  arm();
}

void DeadlineSweep::remove(Swept& item) {
  if (cursor_ == &item) cursor_ = item.next_;
  if (item.previous_ != nullptr) item.previous_->next_ = item.next_;
  if (item.next_ != nullptr) item.next_->previous_ = item.previous_;
  if (first_ == &item) first_ = item.next_;
}

// Not armed while there is nothing to look at, so that a loop may run dry.
void DeadlineSweep::arm() {
  if (armed_ || first_ == nullptr || !timer_) return;
  armed_ = true;
  timer_->expires_after(kInterval);
  timer_->async_wait([this](const boost::system::error_code& failure) {
    armed_ = false;
    if (!failure) sweep();
  });
}

void DeadlineSweep::sweep() {
  const auto now = std::chrono::steady_clock::now();
  for (cursor_ = first_; cursor_ != nullptr;) {
    Swept& item = *cursor_;
    cursor_ = item.next_;
    item.sweep(now);
  }
  arm();
}

void DeadlineSweep::shutdown() { timer_.reset(); }

}  // namespace causeway::net
