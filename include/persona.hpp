//! Everything that needs no other component.
#pragma once

#include <persona/core/version.hpp>
#include <persona/persona_generator.hpp>
#include <persona/population/arrow.hpp>
#include <persona/population/builder.hpp>
#include <persona/population/export.hpp>
#include <persona/population/summary.hpp>
#include <persona/storage/memory.hpp>
