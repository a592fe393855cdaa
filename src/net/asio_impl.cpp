// SPDX-License-Identifier: MIT
// The compiled part of Asio, once for the whole program (BOOST_ASIO_SEPARATE_COMPILATION).
#include <boost/asio/impl/src.hpp>
