"""Replies as tutors write them: Markdown with LaTeX, in Italian and English, of every quality."""

QUADRATIC = r"""## Equazioni di secondo grado

Un'equazione nella forma $ax^2 + bx + c = 0$ (con $a \neq 0$) si risolve con la **formula risolutiva**:

$$
x_{1,2} = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}
$$

Il numero $\Delta = b^2 - 4ac$ è il *discriminante*:

- se $\Delta > 0$ ci sono **due** soluzioni reali;
- se $\Delta = 0$ ce n'è **una** (doppia);
- se $\Delta < 0$ nessuna in $\mathbb{R}$.

### Esempio

1. Prendiamo $x^2 - 5x + 6 = 0$.
2. Il delta è \(\Delta = 25 - 24 = 1\).
3. Quindi:
   \[
   x = \frac{5 \pm 1}{2} \quad \Rightarrow \quad x_1 = 3,\; x_2 = 2
   \]

> **Attento al segno:** $-b$ vale $-(-5) = 5$.

Prova tu con $2x^2 + 3x - 2 = 0$ 😊
"""

DERIVATIVE = r"""The derivative of $f(x) = x^3 - 2x$ comes from the limit

\[ f'(x) = \lim_{h \to 0} \frac{f(x+h) - f(x)}{h} \]

**Step by step**

\begin{aligned}
f'(x) &= 3x^2 - 2 \\
f'(1) &= 3 \cdot 1^2 - 2 = 1
\end{aligned}

| Function | Derivative |
|----------|------------|
| $x^n$ | $nx^{n-1}$ |
| $\sin x$ | $\cos x$ |
| $e^x$ | $e^x$ |
| $\ln x$ | $\frac{1}{x}$ |

So the tangent at $x = 1$ has slope **1**. The chain rule is $\frac{d}{dx} f(g(x)) = f'(g(x)) \cdot g'(x)$.
"""

LIMIT = r"""Il limite notevole è:

$$\lim_{x \to 0} \frac{\sin x}{x} = 1$$

Da qui, per esempio,

$$\lim_{x \to 0} \frac{1 - \cos x}{x^2} = \frac{1}{2}, \qquad \lim_{n \to +\infty} \left(1 + \frac{1}{n}\right)^n = e$$

Senza dollari: \frac{0}{0} è una *forma indeterminata*, mentre \sqrt{x^2} = |x| e x^{2} \ge 0.
"""

CHEMISTRY = r"""**Bilanciamento**: partiamo da

$$\text{CH}_4 + \text{O}_2 \rightarrow \text{CO}_2 + \text{H}_2\text{O}$$

1. Il carbonio è già a posto: 1 da ogni parte.
2. L'idrogeno: 4 a sinistra, quindi $2\,\text{H}_2\text{O}$.
3. L'ossigeno: servono $2\,\mathrm{O_2}$.

\[ \ce{CH4 + 2O2 -> CO2 + 2H2O} \]

Il pH di una soluzione con $[\mathrm{H^+}] = 10^{-3}\ \text{mol/L}$ è $\text{pH} = -\log_{10}[\text{H}^+] = 3$.
Lo ione solfato è $\ce{SO4^2-}$; il reagente costa $5 al litro.
"""

MOTION = r"""### Uniformly accelerated motion

* velocity: `v = v0 + a*t`, that is $v = v_0 + at$
* position: $s = s_0 + v_0 t + \frac{1}{2}at^2$
* without time: $v^2 = v_0^2 + 2a\,(s - s_0)$

A car brakes from $20\ \text{m/s}$ with $a = -5\,\text{m/s}^2$. It stops after
$$t = \frac{0 - 20}{-5} = 4\ \text{s}$$
and covers $\Delta s = \frac{v^2 - v_0^2}{2a} = \frac{-400}{-10} = 40\ \text{m}$.

```python
v0, a = 20, -5
print(-v0 ** 2 / (2 * a))
```

Newton: $\vec{F} = m\vec{a}$, with $|\vec{F}| = \sqrt{F_x^2 + F_y^2}$. ~~Weight is mass~~ — no!
"""

SYSTEM = r"""Risolviamo il sistema

$$\begin{cases} 2x + y = 7 \\ x - y = -1 \end{cases}$$

**Metodo di riduzione**: sommando, $3x = 6$, cioè $x = 2$ e $y = 3$.

In forma matriciale, $A\vec{x} = \vec{b}$ con

$$A = \begin{pmatrix} 2 & 1 \\ 1 & -1 \end{pmatrix}, \quad \det A = -3 \neq 0$$

La funzione

\[
f(x) = \begin{cases}
x^2 & \text{se } x \ge 0 \\
-x & \text{se } x < 0
\end{cases}
\]

è continua in $0$. ***Ricorda***: la somma $\sum_{i=1}^{n} i = \frac{n(n+1)}{2}$
e l'area $\int_0^1 x^2\,dx = \frac{1}{3}$.
"""

REPLIES = (QUADRATIC, DERIVATIVE, LIMIT, CHEMISTRY, MOTION, SYSTEM)
