// SPDX-License-Identifier: MIT
// One page of what was looked for, as the admin API gives it out.
#pragma once

#include <cstdint>
#include <vector>

namespace causeway::centralserver {

struct Paging {
  std::int64_t limit = 25;  // rows of a page, at least 1
  std::int64_t page = 0;    // from 0
  bool descending = false;

  // Rows before those of the page; so many that there is none behind them, where that is no number.
  std::int64_t rows_before() const { return page > kEndless / limit ? kEndless : page * limit; }

 private:
  static constexpr std::int64_t kEndless = std::int64_t{1} << 60;
};

template <class Row>
struct Page {
  std::vector<Row> rows;
  std::int64_t total = 0;  // on all pages
};

}  // namespace causeway::centralserver
