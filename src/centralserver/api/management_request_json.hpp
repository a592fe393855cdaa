// SPDX-License-Identifier: MIT
// Management requests as the administration interface writes and reads them.
#pragma once

#include <boost/json/object.hpp>

#include "base/result.hpp"
#include "centralserver/requests/request_search.hpp"

namespace causeway::centralserver {

// Of a body that was held against the description. invalid_encoded_id, core.invalid_encoded_id.
Result<NewRequest> new_request(const boost::json::object& body);

// What is answered to who adds or approves one.
boost::json::object request_json(const ManagementRequest& request);
// What a list shows of it.
boost::json::object request_row_json(const FoundRequest& found);

}  // namespace causeway::centralserver
