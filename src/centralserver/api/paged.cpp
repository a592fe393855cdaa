// SPDX-License-Identifier: MIT
#include "centralserver/api/paged.hpp"

#include <boost/json.hpp>
#include <charconv>

namespace causeway::centralserver {
namespace {

namespace json = boost::json;

// Without an order there is no direction.
Result<PageAsked> checked(PageAsked asked) {
  if (asked.paging.limit < 1 || asked.paging.page < 0)
    return Fault{"invalid_pagination_properties", "a page has a number from 0 and at least one row"};
  if (asked.sort.empty()) asked.paging.descending = false;
  return asked;
}

// Of a number that was held against the description.
std::int64_t number_in(const admin::ApiRequest& request, std::string_view name, std::int64_t otherwise) {
  if (const std::string* const text = request.query.find(name))
    std::from_chars(text->data(), text->data() + text->size(), otherwise);
  return otherwise;
}

}  // namespace

Result<PageAsked> page_asked(const admin::ApiRequest& request) {
  PageAsked asked;
  if (const std::string* const sort = request.query.find("sort")) asked.sort = *sort;
  const std::string* const descending = request.query.find("desc");
  asked.paging.descending = descending != nullptr && *descending == "true";
  asked.paging.limit = number_in(request, "limit", asked.paging.limit);
  asked.paging.page = number_in(request, "offset", asked.paging.page);
  return checked(std::move(asked));
}

Result<PageAsked> page_asked(const json::value* given) {
  PageAsked asked;
  const json::object* const body = given == nullptr ? nullptr : given->if_object();
  if (body == nullptr) return Fault{"invalid_pagination_properties", "it is not said which page"};
  for (const auto& [name, target] : {std::pair("limit", &asked.paging.limit), std::pair("offset", &asked.paging.page)})
    if (const json::value* const number = body->if_contains(name))
      *target = number->is_int64() ? number->get_int64() : -1;
  if (const json::value* const sort = body->if_contains("sort"); sort != nullptr && sort->is_string())
    asked.sort = sort->get_string();
  const json::value* const descending = body->if_contains("desc");
  asked.paging.descending = descending != nullptr && descending->is_bool() && descending->get_bool();
  return checked(std::move(asked));
}

std::string text_in_query(const admin::ApiRequest& request, std::string_view name) {
  const std::string* const found = request.query.find(name);
  return found == nullptr ? std::string() : *found;
}

json::object paging_metadata(const Paging& paging, std::size_t rows, std::int64_t total) {
  return {{"total_items", total}, {"items", rows}, {"limit", paging.limit}, {"offset", paging.page}};
}

}  // namespace causeway::centralserver
