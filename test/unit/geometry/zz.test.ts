import { it } from 'vitest';
import { createRequire } from 'node:module';
import { minAreaRect } from '/work/main/src/runtime/geometry/min-area-rect.js';
it('x', async () => {
const require = createRequire('/tmp/cvjs/');
const cv:any = require('@techstark/opencv-js');
const c:any = cv.Mat? cv : await new Promise(r=>{cv.onRuntimeInitialized=()=>r(cv)});
let seed=1; const rnd=()=>{seed=(seed*1103515245+12345)%2147483648; return seed/2147483648};
let bad=0, n=0, big=0, shown=0;
for (let t=0;t<4000;t++){ const k=3+Math.floor(rnd()*10); const ang=rnd()*0.3-0.15; const L=20+rnd()*300, H=8+rnd()*30; const pts:any[]=[];
 const round = t%2===0;
 for(let i=0;i<k*3;i++){ const u=rnd()*L, v=rnd()*H; pts.push([Math.round(100+u*Math.cos(ang)-v*Math.sin(ang)),Math.round(100+u*Math.sin(ang)+v*Math.cos(ang))]); }
 if(round){ for(const [u,v] of [[0,0],[L,0],[L,H],[0,H]]) pts.push([Math.round(100+u),Math.round(100+v)]); }
 const m=c.matFromArray(pts.length,1,c.CV_32SC2,pts.flat()); const r=c.minAreaRect(m);
 const dst=new c.Mat(); c.boxPoints(r,dst); const ref:any[]=[]; for(let i=0;i<4;i++) ref.push([dst.data32F[2*i],dst.data32F[2*i+1]]); m.delete(); dst.delete();
 const mine=minAreaRect(pts)!.corners; 
 const s=(q:any)=>q.map((p:any)=>p.join(',')).sort().join(' ');
 n++; if (s(ref)!==s(mine)) {bad++; const d=Math.max(...mine.map((p:any)=>Math.min(...ref.map((q:any)=>Math.hypot(p[0]-q[0],p[1]-q[1]))))); if(d>1e-3){big++; if(shown++<3) console.log(d,JSON.stringify(r),ref,mine)}}
}
console.log({n,bad,big});
});
