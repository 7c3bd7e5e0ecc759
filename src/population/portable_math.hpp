//! Functions of the row path that would otherwise come from libm: the same bits on every machine.
#pragma once

namespace persona {

//! e^x to about one unit in the last place.
double portable_exp(double x);

//! Phi(z), to 1e-15, relative in the lower tail. @source{Hart 1968; West 2005}
double portable_normal_cdf(double z);

//! Phi^-1(p) for 0 < p <= 1/2, from the table the kernels use.
double portable_normal_quantile(double p);

//! z squeezed into [low, high] so that a standard normal becomes a truncated one.
double truncate_normal(double z, double low, double high);

//! The smallest k with P(X <= k) >= Phi(z).
double poisson_quantile(double z, double mean);
double binomial_quantile(double z, double trials, double probability);

}  // namespace persona
