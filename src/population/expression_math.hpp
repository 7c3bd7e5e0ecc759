//! The functions of the expression language. NaN is missing; the same bits on every machine.
#pragma once

namespace persona {

double expression_ne(double a, double b);  //!< 1 or 0; 0 where one is missing
double expression_div(double a, double b);
double expression_mod(double a, double b);  //!< has the sign of b, as in Python
double expression_pow(double a, double b);
double expression_min(double a, double b);
double expression_max(double a, double b);
double expression_log(double a);
double expression_sqrt(double a);
double expression_year(double days);
double expression_is_missing(double a);

}  // namespace persona
