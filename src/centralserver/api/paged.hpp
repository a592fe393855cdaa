// SPDX-License-Identifier: MIT
// Pages as the administration interface is asked for them and gives them out.
#pragma once

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <span>
#include <string>
#include <string_view>

#include "admin/api_request.hpp"
#include "base/result.hpp"
#include "centralserver/api/client_json.hpp"
#include "centralserver/registry/paging.hpp"

namespace causeway::centralserver {

struct PageAsked {
  std::string sort;  // empty: as things came to be
  Paging paging;
};

// sort, desc, limit and offset of the query. invalid_pagination_properties.
Result<PageAsked> page_asked(const admin::ApiRequest& request);
// The same of a body. Without `given`, or with null for a number: invalid_pagination_properties.
Result<PageAsked> page_asked(const boost::json::value* given);

// What `sort` may be, as the description has it in x-sort-keys, and what is meant.
template <class Order>
struct SortKey {
  std::string_view name;
  Order order;
};
// invalid_sort_properties.
template <class Order>
Result<Order> order_asked(const PageAsked& asked, std::span<const SortKey<Order>> keys, Order by_default) {
  if (asked.sort.empty()) return by_default;
  const auto found = std::ranges::find(keys, asked.sort, &SortKey<Order>::name);
  if (found == keys.end()) return Fault{"invalid_sort_properties", "nothing is sorted by " + asked.sort};
  return found->order;
}

// Of a query; empty when it is not there.
std::string text_in_query(const admin::ApiRequest& request, std::string_view name);

boost::json::object paging_metadata(const Paging& paging, std::size_t rows, std::int64_t total);

// The rows stand under `name`.
template <class Row, class AsJson>
admin::ApiAnswer paged_answer(const Page<Row>& page, const Paging& paging, const char* name, AsJson as_json) {
  boost::json::array rows;
  for (const Row& each : page.rows) rows.push_back(as_json(each));
  return json_answer(boost::json::object{{name, std::move(rows)},
                                         {"paging_metadata", paging_metadata(paging, page.rows.size(), page.total)}});
}

}  // namespace causeway::centralserver
