// SPDX-License-Identifier: MIT
// The classes that members belong to.
#pragma once

#include <string>
#include <vector>

#include "centralserver/registry/change.hpp"
#include "globalconf/shared_parameters.hpp"

namespace causeway::centralserver {

using globalconf::MemberClass;

// In the order in which they were added.
Result<std::vector<MemberClass>> member_classes(const Registry& registry);
// member_class_not_found.
Result<MemberClass> member_class(const Registry& registry, const std::string& code);

// member_class_exists.
Result<void> add_member_class(Change& change, const MemberClass& added);
Result<void> describe_member_class(Change& change, const std::string& code, const std::string& description);
// member_class_not_found, member_class_is_in_use.
Result<void> delete_member_class(Change& change, const std::string& code);

}  // namespace causeway::centralserver
