// SPDX-License-Identifier: MIT
// Whether the JSON of a request is what a schema of an API's description wants (OpenAPI 3.0), told
// in the words of X-Road's validation errors (administration.md 1).
#pragma once

#include <boost/json/value.hpp>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace causeway::admin {

// Checks that a description names in x-validation: "IdentifierChars" and so on. False: it fails.
// A name that is none throws std::logic_error, when the description is read.
bool is_known_check(std::string_view name);
bool passes_check(std::string_view name, std::string_view text);

class SchemaCheck {
 public:
  // `description` is the whole document, in which references are looked up; it outlives this.
  explicit SchemaCheck(const boost::json::value& description) : description_(description) {}

  // Follows "$ref".
  const boost::json::object& resolved(const boost::json::object& schema) const;
  // The last part of a reference; empty if it is none.
  static std::string name_of(const boost::json::object& schema);

  // False: of another type than it should be, or no value of an enumeration, which X-Road tells
  // without saying where. Otherwise `problems` has what is wrong, by field: "memberId.memberClass".
  using Problems = std::map<std::string, std::vector<std::string>>;
  bool check(const boost::json::value& value, const boost::json::object& schema, const std::string& field,
             Problems& problems) const;

  // What came as text, a parameter or the field of a form, as JSON of its type. False: it is no
  // value of that. Of an array each value is a text, and whoever reads it has to check it.
  bool check_given(const std::string& text, const boost::json::object& schema, const std::string& field,
                   Problems& problems) const;
  // The properties of an object, also those of the parts that it has by allOf, and whether each
  // must be there.
  struct Property {
    std::string_view name;
    const boost::json::object* schema;  // resolved
    bool required = false;
  };
  std::vector<Property> properties(const boost::json::object& schema) const;

 private:
  void collect(const boost::json::object& schema, std::vector<Property>& found,
               std::set<std::string_view>& required) const;
  bool check_text(std::string_view text, const boost::json::object& schema, const std::string& field,
                  Problems& problems) const;
  bool check_object(const boost::json::object& object, const boost::json::object& schema, const std::string& field,
                    Problems& problems, bool follow_type) const;
  void check_required(const boost::json::object& object, const boost::json::object& schema, const std::string& field,
                      Problems& problems) const;
  bool check_properties(const boost::json::object& object, const boost::json::object& schema, const std::string& field,
                        Problems& problems) const;
  bool is_read_only(const boost::json::object& schema, std::string_view property) const;

  const boost::json::value& description_;
};

// As Java has it: "member_class" is memberClass.
std::string camel_case(std::string_view snake_case);

}  // namespace causeway::admin
